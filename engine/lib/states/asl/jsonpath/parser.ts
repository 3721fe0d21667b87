import { parseFilter } from './filter.ts';
import { Path } from './path.ts';
import { Scanner } from './scanner.ts';
import type { Step } from './step.ts';

/** Parses a JSONPath that begins with `$` or `@`; a text that is none gives its fault as a string. */
export function parsePath(text: string): Path | string {
  const scanner = new Scanner(text);
  if (!scanner.take('$') && !scanner.take('@')) return `Illegal character found at '${text.slice(0, 1)}'`;
  const steps = parseSteps(scanner);
  if (typeof steps === 'string') return steps;
  return scanner.done ? new Path(text, steps) : `Could not parse token starting at position ${scanner.at}`;
}

/** Parses the steps after a root, as far as they go: a filter or a function's argument ends where no step begins. */
export function parseSteps(scanner: Scanner): Step[] | string {
  const steps: Step[] = [];
  while (!scanner.done) {
    if (scanner.take('..')) {
      steps.push({ kind: 'descend' });
      if (scanner.peek() === '[') continue;
      const step = dotted(scanner);
      if (typeof step === 'string') return step;
      steps.push(step);
    } else if (scanner.take('.')) {
      const step = dotted(scanner);
      if (typeof step === 'string') return step;
      steps.push(step);
    } else if (scanner.take('[')) {
      const step = bracketed(scanner);
      if (typeof step === 'string') return step;
      steps.push(step);
    } else break;
  }
  return steps;
}

function dotted(scanner: Scanner): Step | string {
  if (scanner.take('*')) return { kind: 'wildcard' };
  const name = scanner.match(/[^\s.[\](),'"@?*=<>!&|]+/y);
  return name ? { kind: 'names', names: [name] } : `Could not parse token starting at position ${scanner.at}`;
}

function bracketed(scanner: Scanner): Step | string {
  scanner.space();
  if (scanner.take('*')) return closed(scanner, { kind: 'wildcard' });
  if (scanner.take('?')) {
    scanner.space();
    if (!scanner.take('(')) return `Could not parse token starting at position ${scanner.at}`;
    const filter = parseFilter(scanner, parseSteps);
    if (typeof filter === 'string') return filter;
    if (!scanner.take(')')) return `Could not parse token starting at position ${scanner.at}`;
    return closed(scanner, { kind: 'filter', filter });
  }
  const slice = scanner.match(/(-?\d+)?\s*:\s*(-?\d+)?/y);
  if (slice) {
    const [from, to] = slice.split(':').map((bound) => (bound.trim() === '' ? undefined : Number(bound)));
    return closed(scanner, { kind: 'slice', from, to });
  }
  const names: string[] = [];
  const indexes: number[] = [];
  do {
    scanner.space();
    const index = scanner.match(/-?\d+/y);
    const name = index === undefined ? scanner.quoted() : undefined;
    if (index !== undefined) indexes.push(Number(index));
    else if (name !== undefined) names.push(name);
    else return `Could not parse token starting at position ${scanner.at}`;
    scanner.space();
  } while (scanner.take(','));
  if (names.length > 0 && indexes.length > 0) return `Could not parse token starting at position ${scanner.at}`;
  return closed(scanner, names.length > 0 ? { kind: 'names', names } : { kind: 'indexes', indexes });
}

function closed(scanner: Scanner, step: Step): Step | string {
  scanner.space();
  return scanner.take(']') ? step : `Could not parse token starting at position ${scanner.at}`;
}
