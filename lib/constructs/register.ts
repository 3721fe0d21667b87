import type { IConstruct } from 'constructs';

/** What constructs of an app have told of themselves so far, where those who ask have no reference to them: a set for each app. */
export function register<T>(): (scope: IConstruct) => Set<T> {
  const apps = new WeakMap<IConstruct, Set<T>>();
  return ({ node: { root } }) => {
    const known = apps.get(root) ?? new Set<T>();
    apps.set(root, known);
    return known;
  };
}
