import { fault, type Fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import { isObject } from '../core/epoch.ts';

/** One state of a definition in the Amazon States Language. */
type State = Readonly<Record<string, unknown>>;

/** Where the pin was lost, by the name of the state that dropped it; nothing while it is there. */
type Lost = string | undefined;

/** Which states of a definition need the pin. */
export interface Pinned {
  /** Whether a state needs the pin at `$.pin`: pinned tasks and safe points. */
  readonly needs: (state: State) => boolean;
  /** Whether it is a safe point, whose result is a pin. */
  readonly isSafe: (state: State) => boolean;
}

/**
 * Whether every pinned task is reached with the pin at `$.pin`. `lost` says who dropped it before.
 * @returns a fault for each task that would run without one.
 */
export function checkPins(definition: State, pinned: Pinned, lost: Lost): Fault[] {
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
    if (before !== undefined && pinned.needs(state)) faults.push(fault(BUILDING, 'SLUICE-CDK-10', { state: name, by: before }));
    faults.push(...within(name, state, pinned, before));
    const after = before ?? (pinned.isSafe(state) ? undefined : droppedBy(name, state));
    for (const target of successors(state)) queue.push([target, after]);
    for (const handler of listOf(state['Catch'])) queue.push([String(handler['Next']), before ?? (keeps(handler['ResultPath']) ? undefined : `the Catch of ${name}`)]);
  }
  return faults;
}

/** The states inside a Parallel or a Map. */
function within(name: string, state: State, pinned: Pinned, before: Lost): Fault[] {
  const branches = listOf(state['Branches']);
  const narrowed = before ?? (state['InputPath'] === undefined || state['InputPath'] === '$' ? undefined : name);
  const parameters = state['ItemSelector'] ?? state['Parameters'];
  if (branches.length > 0) return branches.flatMap((branch) => checkPins(branch, pinned, parameters === undefined ? narrowed : carried(name, parameters)));
  const iterator = state['ItemProcessor'] ?? state['Iterator'];
  // Without a selector each iteration begins with its item alone.
  return isObject(iterator) ? checkPins(iterator, pinned, before ?? (parameters === undefined ? name : carried(name, parameters))) : [];
}

function carried(name: string, parameters: unknown): Lost {
  return isObject(parameters) && ('pin' in parameters || 'pin.$' in parameters) ? undefined : name;
}

/** The safe points of a definition, by name, each with the Parallel or Map around it if there is one. */
export function safePointsOf(definition: State, isSafe: Pinned['isSafe'], around?: string): { readonly name: string; readonly resource: unknown; readonly around?: string }[] {
  const states = isObject(definition['States']) ? definition['States'] : {};
  return Object.entries(states).flatMap(([name, state]) => {
    if (!isObject(state)) return [];
    const inner = [...listOf(state['Branches']), ...[state['ItemProcessor'] ?? state['Iterator']].filter(isObject)].flatMap((one) => safePointsOf(one, isSafe, name));
    return [...(isSafe(state) ? [{ name, resource: state['Resource'], ...(around === undefined ? {} : { around }) }] : []), ...inner];
  });
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
