import { fault, shown, type Fault } from '../../core/fault.ts';
import { PROJECTING } from '../../core/faults/projecting.ts';
import { compileSchema, type Schema } from '../schema.ts';
import { at, jsonPath, type SourceFile } from '../source.ts';
import { parseText, type Parsed } from '../text.ts';
import { PROJECT_SCHEMA } from './contract.ts';
import { acceptedManifest, MANIFEST, understood, type Manifest } from './manifest.ts';

let compiled: Schema | undefined;

/** Reads `sluice.yaml`: its schema first, then what a schema cannot say. The schema is compiled only for one that it refuses, to say why. */
export function parseManifest(file: SourceFile): Manifest | readonly Fault[] {
  const accepted = acceptedManifest(file);
  if (accepted !== undefined) return accepted;
  const parsed = parseText(file) as Parsed;
  compiled ??= compileSchema(PROJECT_SCHEMA, { name: MANIFEST }) as Schema;
  const faults = compiled.check(parsed.value).map(({ path, expected, value, key, remedy = 'correct it' }) => (
    fault(PROJECTING, 'SLUICE-PROJECT-2', { at: at(file.path, parsed.position(path, key ? 'key' : undefined)), path: jsonPath(path), expected, got: shown(value), remedy })));
  return faults.length > 0 ? faults : understood(parsed);
}
