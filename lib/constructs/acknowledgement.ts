import type { IConstruct } from 'constructs';

/**
 * Says to validation plugins such as cdk-nag why a finding is as it should be. Written as `Validations.of(…).acknowledge` of aws-cdk-lib
 * writes it, which came with 2.257 and took no id with a second `::` before 2.270.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  construct.node.addMetadata('aws:cdk:acknowledged-rules', { [id]: reason });
}
