/** One step of a wildcard: a byte, or any number of any bytes. */
export type Step = number | '*';

/** A wildcard's steps, or why it is none, in event-ruler's words. */
export type WildcardParse = { readonly steps: readonly Step[] } | { readonly fault: string };

const STAR = 0x2a;
const BACKSLASH = 0x5c;

/** Reads a wildcard over the UTF-8 bytes of a value in its quotes; `\*` and `\\` are literal. */
export function parseWildcard(quoted: string): WildcardParse {
  const bytes = Buffer.from(quoted);
  const steps: Step[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    const next = bytes[at + 1];
    if (byte === STAR) {
      if (next === STAR) return { fault: `Consecutive wildcard characters at pos ${at}` };
      steps.push('*');
    } else if (byte === BACKSLASH) {
      if (next !== STAR && next !== BACKSLASH) return { fault: `Invalid escape character at pos ${at}` };
      steps.push(next);
      at += 1;
    } else {
      steps.push(byte);
    }
  }
  return { steps };
}

/** Whether a value's bytes follow the steps; linear but for the last star, which is tried again. */
export function matchesWildcard(steps: readonly Step[], value: string): boolean {
  const bytes = Buffer.from(value);
  let step = 0;
  let star = -1;
  let anchor = 0;
  let at = 0;
  while (at < bytes.length) {
    if (steps[step] === '*') {
      star = step;
      anchor = at;
      step += 1;
    } else if (steps[step] === bytes[at]) {
      step += 1;
      at += 1;
    } else if (star >= 0) {
      step = star + 1;
      anchor += 1;
      at = anchor;
    } else {
      return false;
    }
  }
  while (steps[step] === '*') step += 1;
  return step === steps.length;
}
