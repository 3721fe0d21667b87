/**
 * The description of an answer. AWS echoes an empty one in the answer of the call that gave it and leaves it out of every
 * answer after that.
 */
export function described(stored: string | undefined, given?: string): { Description?: string } {
  if (stored !== undefined && stored !== '') return { Description: stored };
  return given === '' ? { Description: '' } : {};
}
