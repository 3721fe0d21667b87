import type { Epoch } from '../core/epoch.ts';
import { Fault, shown } from '../core/fault.ts';
import type { Composition } from './composition.ts';
import { compileSchema } from './schema.ts';
import { jsonPath } from './source.ts';

/** A document of an earlier epoch that its new schema refuses. */
export interface Outgrown {
  readonly document: string;
  /** What is wrong with it by the new schema, in words with the path: `$.retries must be at most 3, got 5`. */
  readonly problems: readonly string[];
}

/**
 * The documents of an earlier epoch that no longer pass once their schemas are replaced. That epoch stays valid by its own schemas; but who reads
 * by the new ones may still get it: during the rollout, pinned, and after a rollback.
 */
export function outgrown({ epoch, schemas }: Pick<Composition, 'epoch' | 'schemas'>, earlier: Epoch | undefined): Outgrown[] {
  return Object.entries(earlier?.documents ?? {}).flatMap(([document, { schema: before, content }]) => {
    const digest = epoch.documents[document]?.schema;
    const bytes = digest === undefined || digest === before ? undefined : schemas.get(digest);
    if (bytes === undefined) return [];
    const schema = compileSchema(JSON.parse(new TextDecoder().decode(bytes)), { name: document });
    const found = schema instanceof Fault ? [] : schema.check(content);
    return found.length === 0 ? [] : [{ document, problems: found.map(({ path, expected, value }) => `${jsonPath(path)} ${expected}, got ${shown(value)}`) }];
  });
}
