import { crc32 } from 'node:zlib';
import type { Actor, House } from '../../ports.ts';
import { loadModel, WireFault } from '../../wire/index.ts';
import { invokeLambdaTask, offeredAlways, waitingOf, type TaskCall, type TaskResult } from '../asl/index.ts';
import { runChild } from '../child.ts';
import type { Execution } from '../execution.ts';
import type { Executions } from '../executions.ts';
import { callFor, implemented, statusOf, type Services } from './call.ts';
import { putEvents } from './events.ts';
import { exceptionName } from './naming.ts';
import { inputOf } from './parameters.ts';
import { resultOf } from './result.ts';
import { sdkApi, type SdkApi } from './sdk.ts';

const PRINCIPAL = 'states.amazonaws.com';

/** What Task states may call: Lambda, executions, EventBridge, and by `aws-sdk:` every operation of the engine. */
export class Integrations {
  readonly #house: House;
  readonly #services: Services;

  constructor(house: House, services: Services) {
    this.#house = house;
    this.#services = services;
  }

  /** Whether the engine runs a resource. */
  offers(arn: string): boolean {
    if (offeredAlways(arn) || isPutEvents(arn)) return true;
    const api = sdkApi(arn);
    return api?.operation !== undefined && implemented(this.#services, api.service, api.operation);
  }

  /** Runs one attempt of a task of an execution. */
  run(executions: Executions, execution: Execution, call: TaskCall): Promise<TaskResult> {
    const { kernel, ports } = this.#house;
    const { roleArn } = execution.revision.source;
    const actor: Actor = { kind: 'role', roleArn, service: PRINCIPAL, sourceArn: execution.machine.arn };
    const waiting = waitingOf(call.resource);
    if (waiting !== undefined) return runChild(this.#house, executions, execution, call, waiting);
    if (isPutEvents(call.resource)) return putEvents(this.#house, this.#services, execution, actor, call);
    const api = sdkApi(call.resource);
    if (api) return this.#callApi(api, execution, actor, call);
    return invokeLambdaTask(call, (request) => ports.lambda.invoke({ ...request, roleArn, sourceArn: execution.machine.arn }), kernel.now());
  }

  async #callApi({ service, operation = '', prefix }: SdkApi, execution: Execution, actor: Actor, call: TaskCall): Promise<TaskResult> {
    const mapped = inputOf(service, operation, call.input);
    if ('objections' in mapped) throw new Error(`${call.resource} was scheduled with Parameters that AWS objects to: ${mapped.objections.join(', ')}`);
    try {
      const answer = await callFor(this.#house, this.#services, actor, { service, operation }, withDefaults(service, operation, mapped.input));
      return { kind: 'succeeded', output: JSON.stringify(resultOf(service, operation, answer)) };
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      return failed(prefix, service, error, () => this.#house.draws.uuid(`states:sdk:${execution.arn}`));
    }
  }
}

function isPutEvents(arn: string): boolean {
  return /^arn:[\w-]+:states:[^:]*:[^:]*:events:putEvents$/.test(arn);
}

/** What AWS's SDK says of its own accord: S3's clients send a checksum with what they put. */
function withDefaults(service: string, operation: string, input: Record<string, unknown>): Record<string, unknown> {
  if (service !== 's3' || operation !== 'PutObject' || Object.keys(input).some((name) => name.startsWith('Checksum'))) return input;
  const body = input['Body'] instanceof Uint8Array ? input['Body'] : new Uint8Array(0);
  return { ...input, ChecksumCRC32: crc32Text(body) };
}

function crc32Text(bytes: Uint8Array): string {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(crc32(bytes));
  return word.toString('base64');
}

/** A refusal in the words of the SDK for Java: an error of the service's model by its class, any other as the service's exception. */
function failed(prefix: string, service: string, fault: WireFault, id: () => string): TaskResult {
  if (fault.code === 'NotImplemented') return { kind: 'failed', error: 'States.Runtime', cause: fault.message };
  const shape = loadModel(service).error(fault.code);
  const extended = service === 's3' ? `, Extended Request ID: ${id()}` : '';
  return {
    kind: 'failed',
    error: `${prefix}.${shape ? exceptionName(shape.name) : `${prefix}Exception`}`,
    cause: `${fault.message} (Service: ${prefix}, Status Code: ${statusOf(service, fault)}, Request ID: ${id()}${extended}) (SDK Attempt Count: 1)`,
  };
}
