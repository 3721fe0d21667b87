import type { FaultKind } from '../fault.ts';
import { AUTHORING } from './authoring.ts';
import { BUILDING } from './building.ts';
import { COMMANDING } from './commanding.ts';
import { EXAMINING } from './examining.ts';
import { GIT } from './git.ts';
import { GUARDING } from './guarding.ts';
import { JUDGING } from './judging.ts';
import { KEEPING } from './keeping.ts';
import { PLANNING } from './planning.ts';
import { PROJECTING } from './projecting.ts';
import { READING } from './reading.ts';
import { RELEASING } from './releasing.ts';
import { RULING } from './ruling.ts';
import { SHIFTING } from './shifting.ts';
import { SHADOWING } from './shadowing.ts';

/** Every error code of Sluice by the part of the house it comes from; docs/faults.md is made from it. */
export const FAULTS: Readonly<Record<string, Readonly<Record<string, FaultKind>>>> = {
  'Documents and schemas': AUTHORING,
  'Projects': PROJECTING,
  'Secrets': KEEPING,
  'Invariants': RULING,
  'Plans, AppConfig and the store': PLANNING,
  'Releases': RELEASING,
  'Git': GIT,
  'Stacks': BUILDING,
  'The gate and the handlers': GUARDING,
  'The judge': JUDGING,
  'Shifts': SHIFTING,
  'Shadows': SHADOWING,
  'Readers': READING,
  'The command line': COMMANDING,
  'What doctor finds': EXAMINING,
};

export { AUTHORING, BUILDING, COMMANDING, EXAMINING, GIT, GUARDING, JUDGING, KEEPING, PLANNING, PROJECTING, READING, RELEASING, RULING, SHIFTING };
