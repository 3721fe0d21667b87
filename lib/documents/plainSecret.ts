import { fault, type Fault, type Place } from '../core/fault.ts';
import { KEEPING } from '../core/faults/keeping.ts';
import { once } from './once.ts';
import { suspicions } from './secret.ts';
import { jsonPath, type Path } from './source.ts';

/** The plain secrets in a document, but for the paths that are allowed. Their values are in no message. */
export function plainSecrets(content: unknown, at: (path: Path) => Place | string, allowed: (path: string) => boolean = () => false): Fault[] {
  return suspicionsOf(content).flatMap(({ path, what }) => {
    const place = jsonPath(path);
    return allowed(place) ? [] : [fault(KEEPING, 'SLUICE-SECRET-1', { at: at(path), path: place, what })];
  });
}

const suspicionsIn = once(suspicions);

function suspicionsOf(content: unknown): ReturnType<typeof suspicions> {
  return typeof content === 'object' && content !== null ? suspicionsIn(content) : suspicions(content);
}
