import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { fault, shown } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';

/** What AppConfig takes as a name that also goes into paths, metrics and keys. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/**
 * A name that must be known at synth, because it goes into environment variables instead of an id.
 * @throws Fault `SLUICE-CDK-1` for a token, `SLUICE-CDK-2` for a name AppConfig does not take.
 */
export function literalName(scope: Construct, field: string, name: string): string {
  if (Token.isUnresolved(name)) throw fault(BUILDING, 'SLUICE-CDK-1', { at: scope.node.path, field });
  if (!NAME.test(name)) throw fault(BUILDING, 'SLUICE-CDK-2', { field, pattern: NAME.source, got: shown(name) });
  return name;
}
