import { invalid } from '../refusal.ts';

/** Something with a name that others may need first. */
export interface Dependent {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** Orders so that everything comes after what it depends on, otherwise as given; a circle is refused with its members. */
export function ordered<T extends Dependent>(all: readonly T[]): T[] {
  const result: T[] = [];
  const done = new Set<string>();
  let rest = [...all];
  while (rest.length > 0) {
    const ready = rest.find(({ dependsOn }) => dependsOn.every((id) => done.has(id)));
    if (!ready) throw invalid(`Circular dependency between resources: [${circle(rest).join(', ')}]`);
    result.push(ready);
    done.add(ready.id);
    rest = rest.filter((item) => item !== ready);
  }
  return result;
}

/** Of items of which none can go first: those that lie on a circle or between circles. */
function circle(stuck: readonly Dependent[]): string[] {
  let rest = [...stuck];
  for (;;) {
    const kept = rest.filter(({ id }) => rest.some(({ dependsOn }) => dependsOn.includes(id)));
    if (kept.length === rest.length) return rest.map(({ id }) => id);
    rest = kept;
  }
}
