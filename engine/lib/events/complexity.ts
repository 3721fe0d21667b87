import type { Step } from './wildcard.ts';

/** The wildcards of one match expression: one, or the several of an `anything-but`, which count as one. */
export type WildcardSet = readonly (readonly Step[])[];

/** More places than this at once and AWS refuses a rule: ten wildcards that share a field pass, eleven do not. */
const LIMIT = 10;
/** Beyond so many combinations the search stops; what it has not found by then does not grow any more in practice. */
const COMBINATIONS = 2000;

/** A wildcard's place in a trie that the members of its set share: behind a byte, or within a star. */
interface Place {
  readonly id: number;
  /** Absent before the first step. */
  readonly step?: Step;
  readonly next: Place[];
}

/**
 * Whether the wildcards of one field could be at too many places at once for some value. This is event-ruler's
 * MachineComplexityEvaluator for the wildcards of one field, taken together over all branches of a rule.
 */
export function tooComplex(sets: readonly WildcardSet[]): boolean {
  const roots = plant(sets);
  const seen = new Set<string>();
  const queue: (readonly Place[])[] = [roots];
  while (queue.length > 0 && seen.size < COMBINATIONS) {
    const places = queue.shift()!;
    // One byte that is expected nowhere stands for all others.
    for (const byte of new Set([-1, ...places.flatMap(expected)])) {
      const next = [...new Set(places.flatMap((place) => advance(place, byte)))];
      const key = next.map(({ id }) => id).sort((one, other) => one - other).join();
      if (next.length === 0 || seen.has(key)) continue;
      seen.add(key);
      if (weight(next) > LIMIT) return true;
      queue.push(next);
    }
  }
  return false;
}

/** One trie for each set: members that begin alike share their places. */
function plant(sets: readonly WildcardSet[]): Place[] {
  let ids = 0;
  const place = (step?: Step): Place => ({ id: (ids += 1), ...(step !== undefined && { step }), next: [] });
  return sets.map((members) => {
    const root = place();
    for (const steps of members) {
      let at = root;
      for (const step of steps) {
        let next = at.next.find((known) => known.step === step);
        if (!next) at.next.push((next = place(step)));
        at = next;
      }
    }
    return root;
  });
}

/** The bytes that lead on from a place, also past a star, which may match nothing. */
function expected(place: Place): number[] {
  return place.next.flatMap((next) => (next.step === '*' ? expected(next) : [next.step as number]));
}

function advance(place: Place, byte: number): Place[] {
  const on = place.next.flatMap((next) => (next.step === '*' ? [next, ...next.next.filter(({ step }) => step === byte)] : next.step === byte ? [next] : []));
  return place.step === '*' ? [place, ...on] : on;
}

/** A place before a star counts for the star too. */
function weight(places: readonly Place[]): number {
  const present = new Set(places);
  return places.length + places.flatMap(({ step, next }) => (step === '*' ? [] : next.filter((star) => star.step === '*' && !present.has(star)))).length;
}
