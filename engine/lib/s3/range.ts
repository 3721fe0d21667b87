import { refusal } from './refusal.ts';

/** A part of an object: first byte, and the byte behind the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Reads `bytes=0-9`, `bytes=10-` or `bytes=-5`; undefined for what S3 ignores, which it answers with the whole object. */
export function rangeOf(text: string | undefined, size: number): Range | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(text ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '') {
    const count = Math.min(Number(last), size);
    if (count === 0) throw unsatisfiable(text ?? '', size);
    return { start: size - count, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw unsatisfiable(text ?? '', size);
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

function unsatisfiable(text: string, size: number): Error {
  return refusal(416, 'InvalidRange', 'The requested range is not satisfiable', { RangeRequested: text, ActualObjectSize: size });
}
