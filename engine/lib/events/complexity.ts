import type { Step } from './wildcard.ts';

/** The wildcards of one match expression: one, or the several of an `anything-but`, which count as one. */
export type WildcardSet = readonly (readonly Step[])[];

/** More places than this at once and AWS refuses a rule: ten wildcards that share a field pass, eleven do not. */
const LIMIT = 10;
/** Beyond so many combinations the search stops; what it has not found by then does not grow any more in practice. */
const COMBINATIONS = 5000;

/** One place in a trie of wildcards: behind the byte, or within the star, at `step` of a member. */
interface Place {
  readonly set: number;
  readonly steps: readonly Step[];
  readonly step: number;
}

/**
 * Whether the wildcards of one field could be at too many places at once for some value. This is event-ruler's
 * MachineComplexityEvaluator for the wildcards of one field, taken together over all branches of a rule.
 */
export function tooComplex(sets: readonly WildcardSet[]): boolean {
  const alphabet = new Set(sets.flat(2).filter((step) => step !== '*'));
  // One byte that occurs nowhere stands for all others.
  const bytes = [...alphabet, -1];
  const starts = sets.flatMap((members, set) => members.map((steps): Place => ({ set, steps, step: -1 })));
  const seen = new Set<string>();
  const queue: (readonly Place[])[] = [starts];
  while (queue.length > 0 && seen.size < COMBINATIONS) {
    const places = queue.shift()!;
    for (const byte of bytes) {
      const next = distinct(places.flatMap((place) => advance(place, byte)));
      if (next.size === 0) continue;
      const key = [...next.keys()].sort().join();
      if (seen.has(key)) continue;
      seen.add(key);
      if (weight(next) > LIMIT) return true;
      queue.push([...next.values()]);
    }
  }
  return false;
}

function advance({ set, steps, step }: Place, byte: number): Place[] {
  const here = steps[step];
  const next = steps[step + 1];
  const after = steps[step + 2];
  const places: Place[] = [];
  if (here === '*') places.push({ set, steps, step });
  if (next === '*') {
    places.push({ set, steps, step: step + 1 });
    if (after === byte) places.push({ set, steps, step: step + 2 });
  } else if (next === byte) {
    places.push({ set, steps, step: step + 1 });
  }
  return places;
}

/** Members of one set that begin alike share their places. */
function distinct(places: readonly Place[]): Map<string, Place> {
  return new Map(places.map((place) => [nameOf(place), place]));
}

function nameOf({ set, steps, step }: Place): string {
  return `${set}:${steps.slice(0, step + 1).join('.')}`;
}

/** A place before a star counts for the star too, which may match nothing. */
function weight(places: ReadonlyMap<string, Place>): number {
  let sum = places.size;
  for (const place of places.values()) {
    if (place.steps[place.step] !== '*' && place.steps[place.step + 1] === '*' && !places.has(nameOf({ ...place, step: place.step + 1 }))) sum += 1;
  }
  return sum;
}
