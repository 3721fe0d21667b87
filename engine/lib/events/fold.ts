/** What an `equals-ignore-case` text is compared with: the whole value, its beginning or its end. */
export type FoldMode = 'whole' | 'prefix' | 'suffix';

/**
 * Compares without regard to case as event-ruler does: character by character, each either in lower or in upper case, however
 * long that is (`ß` or `SS`). Half a surrogate pair has no bytes of its own there and reads as `?`, so an emoji matches `??` only.
 */
export function foldMatcher(text: string, mode: FoldMode): (value: string) => boolean {
  const choices = text.split('').map((unit) => {
    const known = /[\uD800-\uDFFF]/.test(unit) ? '?' : unit;
    return [known.toLowerCase(), known.toUpperCase()] as const;
  });
  return (value) => {
    let places = new Set(mode === 'suffix' ? Array.from({ length: value.length + 1 }, (_, at) => at) : [0]);
    for (const forms of choices) {
      const next = new Set<number>();
      for (const at of places) for (const form of forms) if (value.startsWith(form, at)) next.add(at + form.length);
      if (next.size === 0) return false;
      places = next;
    }
    return mode === 'prefix' || places.has(value.length);
  };
}
