import { Stack } from 'aws-cdk-lib';
import type { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { isObject } from '../core/epoch.ts';
import { checkPins } from './pinFlow.ts';
import { registered } from './pinnedTask.ts';

/** Refuses at synth a workflow in which a pinned task can be reached without the pin. `pinState` draws it; nothing where the input holds it. */
export function refuseLostPins(stateMachine: StateMachine, pinState: string | undefined): void {
  stateMachine.node.addValidation({
    validate: () => {
      const stack = Stack.of(stateMachine);
      const definition = definitionOf(stack, stateMachine.node.defaultChild as CfnStateMachine);
      const pinned = new Set([...registered(stateMachine)].map(({ versionArn }) => JSON.stringify(stack.resolve(versionArn))));
      const begun = pinState === undefined ? definition : { ...definition, StartAt: (definition['States'] as Record<string, Record<string, unknown>>)[pinState]?.['Next'] };
      return checkPins(begun, (resource) => typeof resource === 'string' && pinned.has(resource), undefined).map(({ message }) => message);
    },
  });
}

/** The definition as it will be, with what CloudFormation fills in as JSON text. */
function definitionOf(stack: Stack, resource: CfnStateMachine): Record<string, unknown> {
  const resolved: unknown = stack.resolve(resource.definitionString);
  const parts = isObject(resolved) ? (resolved['Fn::Join'] as [string, unknown[]])[1] : [resolved];
  const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(JSON.stringify(part)).slice(1, -1))).join('');
  return JSON.parse(text) as Record<string, unknown>;
}
