import { Stack } from 'aws-cdk-lib';
import type { IGrantable, IRole, Policy } from 'aws-cdk-lib/aws-iam';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import type { JudgeRules } from '../core/judge/rules.ts';
import { executionMetric } from './guard.ts';
import { PinHandler } from './pin.ts';
import { Readers } from './readers.ts';
import { addReader, grantRead, type ReaderProps, type Source } from './reading.ts';
import { SettleHandler } from './settle.ts';
import { Shifting } from './shifting.ts';

/** An environment whose configuration Sluice rolls out: created here, or imported. */
export interface IConfigurationEnvironment extends IConstruct {
  readonly applicationId: string;
  readonly applicationName: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly profileId: string;
  readonly profileName: string;
  /** The epoch store. */
  readonly store: IBucket;
  /** The customer key of store and versions, if there is one. */
  readonly encryptionKey?: IKey;

  /** Gives a function everything it reads with: agent, variables, prefetch and the narrowest grant. */
  addReader(reader: LambdaFunction, props?: ReaderProps): Policy;
  /** Only the grant, for readers that are no Lambda functions. @default - agent and store */
  grantRead(grantee: IGrantable, ...sources: Source[]): Policy;
  /** Executions that were pinned. @default - sum, by the minute */
  metricExecutionsStarted(): Metric;
  /** Executions that came to their end. @default - sum, by the minute */
  metricExecutionsSettled(): Metric;
  /** Executions that failed or timed out. @default - sum, by the minute */
  metricExecutionsFailed(): Metric;
}

/** What every environment has, created or imported. */
export abstract class Place extends Construct implements IConfigurationEnvironment {
  abstract readonly applicationId: string;
  abstract readonly applicationName: string;
  abstract readonly environmentId: string;
  abstract readonly environmentName: string;
  abstract readonly profileId: string;
  abstract readonly profileName: string;
  abstract readonly store: IBucket;
  abstract readonly encryptionKey?: IKey;

  addReader(reader: LambdaFunction, props: ReaderProps = {}): Policy {
    return addReader(this, reader, props);
  }

  grantRead(grantee: IGrantable, ...sources: Source[]): Policy {
    return grantRead(this, grantee, sources.length === 0 ? ['agent', 'store'] : sources);
  }

  metricExecutionsStarted(): Metric {
    return executionMetric(this, 'ExecutionsStarted');
  }

  metricExecutionsSettled(): Metric {
    return executionMetric(this, 'ExecutionsSettled');
  }

  metricExecutionsFailed(): Metric {
    return executionMetric(this, 'ExecutionsFailed');
  }

  /** @internal Lets the first release wait for something; an imported environment had its own long ago. */
  _beforeFirstRelease(_guard: IDependable): void {
    return;
  }

  /** @internal What is slow, and what is late, as variables of the handler that counts ends. */
  abstract _promptness(): Record<string, string>;

  /** @internal By which rules two versions of a workflow are compared. */
  abstract _judgeRules(): JudgeRules;

  /** @internal The alarm that takes a shift back; nothing where this place knows none. */
  abstract _alarmName(): string | undefined;

  readonly #readers = new Readers(this);

  /** @internal The roles that read by pins. */
  _readers(): Readers {
    return this.#readers;
  }

  /** @internal The role that takes back what is complete, and with it a shift that is to blame; nothing where this place has none, or compares nothing. */
  _takesBack(): IRole | undefined {
    return undefined;
  }

  /** @internal Lets the gate keep what a workflow declares to run with. @throws Fault `SLUICE-CDK-21` where the gate is out of reach, `SLUICE-CDK-22` where it has too many to ask. */
  abstract _keepFor(workflow: Construct, stateMachineName: string, aliasName: string): void;

  /** @internal What shifts the workflows of a stack to their new versions. */
  _shifting(stack: Stack): Shifting {
    return this.#own(stack, 'Shifting', (scope, id) => new Shifting(scope, id, this, { ...this._promptness() }));
  }

  /** @internal The handler that draws pins, made when the first workflow of a stack asks for it. */
  _pin(stack: Stack): PinHandler {
    return this.#own(stack, 'Pin', (scope, id) => new PinHandler(scope, id, this));
  }

  /** @internal The handler that counts executions at their end. */
  _settle(stack: Stack): SettleHandler {
    return this.#own(stack, 'Settle', (scope, id) => new SettleHandler(scope, id, this, this._promptness()));
  }

  /** Below this place in its own stack; elsewhere below the other stack, since a handler there may not be waited for here. */
  #own<Made extends Construct>(stack: Stack, id: string, make: (scope: Construct, id: string) => Made): Made {
    const [scope, name] = stack === Stack.of(this) ? [this, id] : [stack, `${id}${this.node.addr}`];
    return (scope.node.tryFindChild(name) as Made | undefined) ?? make(scope, name);
  }
}
