import { Stack } from 'aws-cdk-lib';
import type { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { isObject } from '../core/epoch.ts';
import { fault, type Fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import type { OnRolledBack } from '../core/pin.ts';
import type { PinHandler } from './pin.ts';
import { checkPins, safePointsOf, type Pinned } from './pinFlow.ts';
import { publishedVersion, registered } from './pinnedTask.ts';
import { safeHandlers } from './safePoint.ts';

/** Whose pins are looked at. */
export interface PinChecks {
  /** The state that draws the pin, and the handler it asks. @default - the input holds it: executions are children */
  readonly drawn?: { readonly by: string; readonly handler: PinHandler };
  /** @default - executions finish on an epoch that was rolled back */
  readonly policy?: OnRolledBack;
}

/** Refuses at synth a workflow in which a pinned task can be reached without the pin, and safe points where none can be. */
export function refuseLostPins(stateMachine: StateMachine, { drawn, policy }: PinChecks): void {
  stateMachine.node.addValidation({
    validate: () => {
      const definition = definitionOf(Stack.of(stateMachine), stateMachine.node.defaultChild as CfnStateMachine);
      const begun = drawn === undefined ? definition : { ...definition, StartAt: (definition['States'] as Record<string, Record<string, unknown>>)[drawn.by]?.['Next'] };
      const pinned = pinnedIn(stateMachine);
      const points = safePointsOf(definition, pinned.isSafe);
      const workflow = stateMachine.node.scope?.node.path ?? '';
      const own = drawn && resourceOf(drawn.handler);
      const faults = [
        ...checkPins(begun, pinned, undefined),
        ...(policy === 'move' && points.length === 0 ? [fault(BUILDING, 'SLUICE-CDK-17', { workflow })] : points.flatMap((point) => misplaced(workflow, point, own, policy))),
      ];
      return faults.map(({ message }) => message);
    },
  });
}

/** Why a safe point moves nobody, or not as it should. `own` is what the workflow's pins are drawn by; nothing for children. */
function misplaced(workflow: string, { name, resource, around }: ReturnType<typeof safePointsOf>[number], own: string | undefined, policy: OnRolledBack | undefined): Fault[] {
  const wrong = (why: string): Fault[] => [fault(BUILDING, 'SLUICE-CDK-18', { state: name, why })];
  if (own === undefined) return wrong(`${workflow} carries its parent's pin, and would move without its parent`);
  if (policy === undefined) return wrong(`${workflow} lets its executions finish on the epoch they began on`);
  if (resource !== own) return wrong(`it is of another environment than ${workflow}`);
  return around === undefined ? [] : wrong(`it is inside ${around}, of which one part would move without the others`);
}

/** The pinned tasks and safe points of an app, by the versions that definitions name. */
function pinnedIn(stateMachine: StateMachine): Pinned {
  const tasks = new Set<unknown>([...registered(stateMachine)].map(({ versionArn }) => JSON.stringify(Stack.of(stateMachine).resolve(versionArn))));
  const pins = new Set<unknown>([...safeHandlers(stateMachine)].map(resourceOf));
  const isSafe = ({ Resource, Parameters }: Readonly<Record<string, unknown>>): boolean => pins.has(Resource) && isObject(Parameters) && 'pin.$' in Parameters;
  return { isSafe, needs: (state) => tasks.has(state['Resource']) || isSafe(state) };
}

/** The published version of a handler as a definition names it. */
function resourceOf(handler: PinHandler): string {
  return JSON.stringify(Stack.of(handler).resolve(publishedVersion(handler.function).functionArn));
}

/** The definition as it will be, with what CloudFormation fills in as JSON text. */
function definitionOf(stack: Stack, resource: CfnStateMachine): Record<string, unknown> {
  const resolved: unknown = stack.resolve(resource.definitionString);
  const parts = isObject(resolved) ? (resolved['Fn::Join'] as [string, unknown[]])[1] : [resolved];
  const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(JSON.stringify(part)).slice(1, -1))).join('');
  return JSON.parse(text) as Record<string, unknown>;
}
