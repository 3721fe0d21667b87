/**
 * A function whose answer for an object is made once, and forgotten with the object: revisions of a project have most of their files in
 * common. For what nobody changes any more.
 */
export function once<Key extends object, Answer>(make: (key: Key) => Answer): (key: Key) => Answer {
  const known = new WeakMap<Key, Answer>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/** The same, of two objects. */
export function onceOfBoth<One extends object, Other extends object, Answer>(make: (one: One, other: Other) => Answer): (one: One, other: Other) => Answer {
  const of = once((one: One) => once((other: Other) => make(one, other)));
  return (one, other) => of(one)(other);
}
