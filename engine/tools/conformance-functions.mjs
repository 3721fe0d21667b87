// The Lambda functions of the recordings, as their rows describe them; they were Python, whose JSON has spaces.

/** What a function answers to a payload: `{ payload, functionError? }`. */
export async function behave(behaviour, payload, requestId, sleep) {
  switch (behaviour.kind) {
    case 'identity': return { payload: echo(payload) };
    case 'constant': return { payload: pythonJson(behaviour.value) };
    case 'raw_payload': return { payload: behaviour.char.repeat(behaviour.count) };
    case 'python_fstring': return { payload: pythonJson(behaviour.template.replaceAll('{event}', pythonText(JSON.parse(payload)))) };
    case 'sleep_then_identity':
      await sleep(behaviour.seconds * 1000);
      return { payload: echo(payload) };
    case 'raise': {
      const { errorMessage, errorType, stackTrace } = behaviour;
      return { payload: pythonJson({ errorMessage, errorType, requestId, stackTrace }), functionError: 'Unhandled' };
    }
    default: throw new Error(`unknown behaviour ${behaviour.kind}`);
  }
}

/** A scalar comes back as it was sent: Python keeps 0.0 apart from 0. */
function echo(payload) {
  const value = JSON.parse(payload);
  return typeof value === 'object' ? pythonJson(value) : payload;
}

/** JSON as Python's json.dumps writes it. */
export function pythonJson(value) {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`).join(', ')}}`;
  return JSON.stringify(value);
}

/** What Python's str() makes of a decoded JSON value. */
function pythonText(value, outermost = true) {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return outermost ? value : `'${value}'`;
  if (Array.isArray(value)) return `[${value.map((item) => pythonText(item, false)).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([key, item]) => `'${key}': ${pythonText(item, false)}`).join(', ')}}`;
  return String(value);
}
