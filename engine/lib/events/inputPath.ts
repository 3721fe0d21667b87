/** Takes a part of an event; undefined where there is none. */
export type InputPath = (event: unknown) => unknown;

const STEP = /^(?:\.([^.[\]*'"()?@,\s]+)|\[(\d+)\]|\[(\*)\])/;

/** Compiles `$.detail.items[0].name` or `$.detail.items[*].name`; undefined for what EventBridge refuses: other brackets, `..`, `.*`, no `$`. */
export function compileInputPath(text: string): InputPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  let rest = text.slice(1);
  while (rest !== '') {
    const found = STEP.exec(rest);
    if (!found) return undefined;
    const [all, name, index] = found;
    steps.push(name ?? (index === undefined ? '*' : Number(index)));
    rest = rest.slice(all.length);
  }
  const many = steps.includes('*');
  return (event) => {
    const values = steps.reduce<unknown[]>((found, step) => found.flatMap((value) => take(value, step)), [event]);
    return many ? values : values[0];
  };
}

function take(value: unknown, step: string | number): unknown[] {
  if (Array.isArray(value)) {
    if (step === '*') return value;
    return typeof step === 'number' && step < value.length ? [value[step]] : [];
  }
  if (typeof step !== 'string' || step === '*' || typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
  return [(value as Record<string, unknown>)[step]];
}
