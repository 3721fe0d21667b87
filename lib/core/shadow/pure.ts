import { isObject } from '../epoch.ts';

/** What the Comment of a state says whose function has no side effects; `pure` of a PinnedTask writes it. */
export const PURE = '[pure]';

/** The states of a definition, those of branches and iterations too, whose Comment says that they are pure. */
export function pureStates(definition: string): string[] {
  const machine: unknown = JSON.parse(definition);
  return isObject(machine) ? within(machine) : [];
}

function within(branch: Readonly<Record<string, unknown>>): string[] {
  const states = isObject(branch['States']) ? Object.entries(branch['States']) : [];
  return states.flatMap(([name, state]) => {
    if (!isObject(state)) return [];
    const { Comment: comment, Branches: branches, ItemProcessor: processor, Iterator: iterator } = state;
    const nested = [...(Array.isArray(branches) ? branches : []), processor, iterator].filter(isObject);
    return [...(typeof comment === 'string' && comment.includes(PURE) ? [name] : []), ...nested.flatMap(within)];
  });
}
