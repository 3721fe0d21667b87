import type { Actor, House, InvocationRequest, InvocationResult, LambdaPort } from '../ports.ts';
import { WireFault } from '../wire/fault.ts';
import { referenceOf, type Functions, type FunctionVersion, type LambdaFunction } from './functions.ts';
import { writeLog } from './logging.ts';
import type { Pool, PoolOutcome } from './pool.ts';

/** Lambda's limits for payloads, in bytes. */
const SYNC_LIMIT = 6 * 1024 * 1024;
const ASYNC_LIMIT = 1024 * 1024;
const ANSWER_LIMIT = 6_291_556;
const OVERSIZED = JSON.stringify({ errorMessage: `Response payload size exceeded maximum allowed payload size (${ANSWER_LIMIT} bytes).`, errorType: 'Function.ResponseSizeTooLarge' });
const MINUTE = 60_000;

/** Finds a function by name or ARN; refuses as Lambda does. */
export function findFunction(house: House, functions: Functions, text: string): LambdaFunction {
  const { name, region } = referenceOf(text);
  if (region !== undefined && region !== house.region) {
    throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Functions from '${region}' are not reachable in this region ('${house.region}')`, members: { Type: 'User' } });
  }
  const found = functions.get(name);
  if (!found) throw missing(house, name);
  return found;
}

function missing(house: House, name: string, qualifier?: string): WireFault {
  const arn = `arn:aws:lambda:${house.region}:${house.account}:function:${name}${qualifier ? `:${qualifier}` : ''}`;
  return new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Function not found: ${arn}`, members: { Type: 'User' } });
}

/** The version that a qualifier names; of an alias with weights the primary, since reads draw nothing. */
export function resolved(house: House, fn: LambdaFunction, qualifier: string | undefined): FunctionVersion {
  if (qualifier === undefined || qualifier === '$LATEST') return fn.latest;
  const number = fn.aliases.get(qualifier)?.version ?? qualifier;
  const version = number === '$LATEST' ? fn.latest : fn.versions.get(number);
  if (!version) throw missing(house, fn.name, qualifier);
  return version;
}

/** The version that an invocation by a qualifier gets; an alias with weights draws, independently per invocation. */
function drawn(house: House, fn: LambdaFunction, qualifier: string | undefined): FunctionVersion {
  const alias = fn.aliases.get(qualifier ?? '');
  const other = alias?.additional && house.draws.number(`lambda:alias:${fn.name}:${alias.name}`) < alias.additional.weight ? alias.additional.version : qualifier;
  return resolved(house, fn, other);
}

/** Invokes functions, at once or through the asynchronous queue. */
export class Invoker implements LambdaPort {
  readonly #house: House;
  readonly #functions: Functions;
  readonly #pool: Pool;

  constructor(house: House, functions: Functions, pool: Pool) {
    this.#house = house;
    this.#functions = functions;
    this.#pool = pool;
  }

  async invoke(request: InvocationRequest): Promise<InvocationResult> {
    limit(request.payload, SYNC_LIMIT);
    const fn = findFunction(this.#house, this.#functions, request.functionArn);
    refuseStranger(this.#house, fn, request);
    const result = await this.#run(fn, request);
    if (result) return result;
    this.#measure(fn, { Throttles: 1 });
    throw new WireFault({
      code: 'TooManyRequestsException', status: 429, message: 'Rate Exceeded.',
      members: { Reason: fn.reservedConcurrency === undefined ? 'ConcurrentInvocationLimitExceeded' : 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User', retryAfterSeconds: '1' },
    });
  }

  invokeAsync(request: InvocationRequest): void {
    limit(request.payload, ASYNC_LIMIT);
    const fn = findFunction(this.#house, this.#functions, request.functionArn);
    refuseStranger(this.#house, fn, request);
    resolved(this.#house, fn, referenceOf(request.functionArn).qualifier);
    this.#house.kernel.spawn(`asynchronous invocation of ${fn.name}`, () => this.#queue(fn, request));
  }

  /** Lambda's queue: function errors are tried again after one and two minutes, throttles with growing waits up to the maximum age. */
  async #queue(fn: LambdaFunction, request: InvocationRequest): Promise<void> {
    const { kernel } = this.#house;
    const retries = fn.asynchronous?.retries ?? 2;
    const maximumAge = (fn.asynchronous?.maximumAge ?? 21_600) * 1000;
    const born = kernel.now();
    const requestId = this.#house.draws.uuid(`lambda:request:${fn.name}`);
    let wait = 1000;
    for (let failures = 0; failures <= retries;) {
      if (!this.#functions.has(fn.name) || kernel.now() - born > maximumAge) return;
      const result = await this.#run(fn, request, requestId);
      if (!result) {
        this.#measure(fn, { Throttles: 1 });
        await kernel.sleep(wait);
        wait = Math.min(wait * 2, 5 * MINUTE);
      } else if (result.functionError === undefined) {
        return;
      } else {
        failures += 1;
        if (failures <= retries) await kernel.sleep(failures * MINUTE);
      }
    }
  }

  /** One attempt; undefined when it was throttled. */
  async #run(fn: LambdaFunction, request: InvocationRequest, id?: string): Promise<InvocationResult | undefined> {
    const { draws } = this.#house;
    const { qualifier } = referenceOf(request.functionArn);
    const version = drawn(this.#house, fn, qualifier);
    if (fn.reservedConcurrency !== undefined && this.#pool.running(fn.name) >= fn.reservedConcurrency) return undefined;
    const requestId = id ?? draws.uuid(`lambda:request:${fn.name}`);
    const done = await this.#pool.run(version, {
      requestId,
      payload: request.payload === '' ? '{}' : request.payload,
      functionName: fn.name,
      functionVersion: version.version,
      invokedFunctionArn: qualifier ? `${fn.arn}:${qualifier}` : fn.arn,
      memoryLimitInMB: String(version.configuration.memorySize),
      logGroupName: version.configuration.logGroup,
    });
    return done && this.#report(fn, version, done, requestId);
  }

  /** Writes the platform's log lines, metrics and history, and gives the result the shape the API answers. */
  #report(fn: LambdaFunction, version: FunctionVersion, done: PoolOutcome, requestId: string): InvocationResult {
    const { kernel, history } = this.#house;
    const { outcome, cold, logStream, duration, initDuration: init } = done;
    const { memorySize } = version.configuration;
    const seconds = version.configuration.timeout.toFixed(2);
    const { payload, failed } = answerOf(outcome, requestId, seconds);
    const now = kernel.now();
    const error = failed ? JSON.parse(payload) as { errorType?: string } : undefined;
    const ended = outcome.kind === 'exit' || (outcome.kind === 'error' && outcome.fatal);
    const status = outcome.kind === 'timeout' ? 'Status: timeout' : ended ? `Status: error\tError Type: ${error?.errorType}` : '';
    const lines = [
      ...(outcome.kind === 'timeout' ? [`${new Date(now).toISOString()} ${requestId} Task timed out after ${seconds} seconds`] : []),
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${Math.ceil(duration + init)} ms\t`
        + `Memory Size: ${memorySize} MB\tMax Memory Used: ${memorySize} MB\t${cold ? `Init Duration: ${init.toFixed(2)} ms\t` : ''}${status}`,
    ];
    writeLog(this.#house, version, logStream, lines.map((message) => ({ timestamp: now, message })));
    this.#measure(fn, { Invocations: 1, Errors: failed ? 1 : 0, Duration: duration });
    history.record('lambda:invocation', fn.name, { version: version.version, duration, ...(error ? { error: error.errorType } : {}) });
    return { payload, executedVersion: version.version, requestId, logTail: [...done.lines, ...lines].join('\n').slice(-4096), ...(failed ? { functionError: 'Unhandled' } : {}) };
  }

  #measure(fn: LambdaFunction, values: Readonly<Record<string, number>>): void {
    const { kernel, ports } = this.#house;
    const [dimensions, timestamp] = [{ FunctionName: fn.name }, kernel.now()];
    ports.metrics.put('AWS/Lambda', Object.entries(values).map(([name, value]) => ({ name, dimensions, timestamp, value, unit: name === 'Duration' ? 'Milliseconds' : 'Count' })));
  }
}

/** A service invokes with the role it was given, or as the function's resource policy allows it; a call of the API was asked for at the door. */
function refuseStranger(house: House, fn: LambdaFunction, { functionArn, principal: service, sourceArn, roleArn }: InvocationRequest): void {
  if (service === undefined) return;
  const { access } = house.ports;
  if (roleArn === undefined && !access.guarded(fn.latest.configuration.role)) return;
  const { qualifier } = referenceOf(functionArn);
  const source = sourceArn === undefined ? {} : { sourceArn };
  const actor: Actor = roleArn === undefined ? { kind: 'service', service, ...source } : { kind: 'role', roleArn, service, ...source };
  const message = access.denial(actor, 'lambda:InvokeFunction', qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`);
  if (message !== undefined) throw new WireFault({ code: 'AccessDeniedException', status: 403, message, members: { Type: 'User' } });
}

function limit(payload: string, bytes: number): void {
  const size = Buffer.byteLength(payload);
  if (size > bytes) {
    throw new WireFault({ code: 'RequestTooLargeException', status: 413, message: `Request must be smaller than ${bytes} bytes for the InvokeFunction operation`, members: { Type: 'User' } });
  }
}

/** What an outcome is to the caller. */
function answerOf(outcome: PoolOutcome['outcome'], requestId: string, seconds: string): { payload: string; failed: boolean } {
  switch (outcome.kind) {
    case 'ready': return { payload: 'null', failed: false };
    case 'answer': return Buffer.byteLength(outcome.payload) > ANSWER_LIMIT ? { payload: OVERSIZED, failed: true } : { payload: outcome.payload, failed: false };
    case 'error': return { payload: outcome.payload, failed: true };
    case 'exit': return { payload: JSON.stringify({ errorType: outcome.errorType, errorMessage: `RequestId: ${requestId} Error: Runtime exited ${outcome.reason}` }), failed: true };
    case 'timeout': return { payload: JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds` }), failed: true };
  }
}
