import { Duration, Lazy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { Guarded } from './guard.ts';

/** The handler that counts executions at their end. */
export class SettleHandler extends Handler {
  readonly #shifting = new Set<string>();

  constructor(scope: Construct, id: string, { applicationName, environmentName }: Guarded, promptness: Readonly<Record<string, string>>) {
    super(scope, id, {
      handler: 'settle',
      description: `Counts the executions of ${applicationName}/${environmentName} at their end`,
      environment: { SLUICE_APPLICATION: applicationName, SLUICE_ENVIRONMENT: environmentName, ...promptness },
      timeout: Duration.seconds(10), memorySize: 512, permits: [],
    });
  }

  /**
   * Counts a workflow's executions by version too, each of which is a handful of custom metrics more: for workflows that shift. By the state
   * machine's name; the handler must be told of `RUNNING` too.
   */
  countVersionsOf(stateMachineName: string): void {
    if (this.#shifting.size === 0) this.function.addEnvironment('SLUICE_SHIFTING', Lazy.string({ produce: () => [...this.#shifting].sort().join(',') }));
    this.#shifting.add(stateMachineName);
  }
}
