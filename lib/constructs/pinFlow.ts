import { fault, type Fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import { isObject } from '../core/epoch.ts';

/** One state of a definition in the Amazon States Language. */
type State = Readonly<Record<string, unknown>>;

/** Where the pin was lost, by the name of the state that dropped it; nothing while it is there. */
type Lost = string | undefined;

/**
 * Whether every pinned task is reached with the pin at `$.pin`. `isPinned` says which resources need it, `lost` who dropped it before.
 * @returns a fault for each task that would run without one.
 */
export function checkPins(definition: State, isPinned: (resource: unknown) => boolean, lost: Lost): Fault[] {
  const states = isObject(definition['States']) ? definition['States'] : {};
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const queue: [string, Lost][] = [[String(definition['StartAt']), lost]];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, before] = next;
    const state = states[name];
    // Once with the pin and once without it is all there is to know of a state.
    if (!isObject(state) || seen.has(`${name}/${String(before !== undefined)}`)) continue;
    seen.add(`${name}/${String(before !== undefined)}`);
    if (before !== undefined && isPinned(state['Resource'])) faults.push(fault(BUILDING, 'SLUICE-CDK-10', { state: name, by: before }));
    faults.push(...within(name, state, isPinned, before));
    const after = before ?? droppedBy(name, state);
    for (const target of successors(state)) queue.push([target, after]);
    for (const handler of listOf(state['Catch'])) queue.push([String(handler['Next']), before ?? (keeps(handler['ResultPath']) ? undefined : `the Catch of ${name}`)]);
  }
  return faults;
}

/** The states inside a Parallel or a Map. */
function within(name: string, state: State, isPinned: (resource: unknown) => boolean, before: Lost): Fault[] {
  const branches = listOf(state['Branches']);
  const narrowed = before ?? (state['InputPath'] === undefined || state['InputPath'] === '$' ? undefined : name);
  const parameters = state['ItemSelector'] ?? state['Parameters'];
  if (branches.length > 0) return branches.flatMap((branch) => checkPins(branch, isPinned, parameters === undefined ? narrowed : carried(name, parameters)));
  const iterator = state['ItemProcessor'] ?? state['Iterator'];
  // Without a selector each iteration begins with its item alone.
  return isObject(iterator) ? checkPins(iterator, isPinned, before ?? (parameters === undefined ? name : carried(name, parameters))) : [];
}

function carried(name: string, parameters: unknown): Lost {
  return isObject(parameters) && ('pin' in parameters || 'pin.$' in parameters) ? undefined : name;
}

/** The name of a state whose output no longer has `$.pin`. */
function droppedBy(name: string, state: State): Lost {
  const { Type: type, OutputPath: output } = state;
  if (output !== undefined && output !== '$') return name;
  const makesResult = type === 'Task' || type === 'Map' || type === 'Parallel' || (type === 'Pass' && ('Result' in state || 'Parameters' in state));
  if (makesResult) return keeps(state['ResultPath']) ? undefined : name;
  return state['InputPath'] === undefined || state['InputPath'] === '$' ? undefined : name;
}

/** Whether a result lands beside the pin: null throws the result away, `$` and what is left out throw the input away. */
function keeps(resultPath: unknown): boolean {
  return resultPath === null || (typeof resultPath === 'string' && resultPath !== '$' && !/^\$\.pin\b/.test(resultPath));
}

function successors(state: State): string[] {
  const choices = listOf(state['Choices']).map((choice) => choice['Next']);
  return [state['Next'], state['Default'], ...choices].filter((name): name is string => typeof name === 'string');
}

function listOf(value: unknown): State[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
