import type { InvocationRequest, InvocationResult } from '../../ports.ts';
import { isObject } from './datum.ts';
import type { TaskCall, TaskFailure, TaskResult } from './port.ts';
import { parseResource } from './resource.ts';

/** Lambda's invoke, as the engine's Lambda port has it. */
export type Invoke = (request: InvocationRequest) => Promise<InvocationResult>;

const PRINCIPAL = 'states.amazonaws.com';

/**
 * Runs a Lambda Task, a function's ARN or `lambda:invoke`, by Lambda's invoke. A function's error becomes the task's
 * error by its errorType; what Lambda itself refuses becomes `Lambda.{code}`, a denial `Lambda.AWSLambdaException`; other resources fail by name.
 */
export async function invokeLambdaTask(call: TaskCall, invoke: Invoke, now: number): Promise<TaskResult> {
  const resource = parseResource(call.resource);
  if (resource?.kind === 'function') return invokeFunction(call, invoke);
  if (resource?.kind === 'service' && resource.service === 'lambda' && resource.action === 'invoke' && !resource.pattern) return invokeService(call, invoke, now);
  return { kind: 'failed', error: 'States.Runtime', cause: `The resource ${call.resource} is not implemented by this engine` };
}

async function invokeFunction(call: TaskCall, invoke: Invoke): Promise<TaskResult> {
  const answer = await attempt(call.resource, call.inputText, invoke);
  if ('error' in answer) return { kind: 'failed', ...answer };
  if (answer.functionError) return { kind: 'failed', error: errorType(answer.payload), cause: answer.payload };
  return { kind: 'succeeded', output: answer.payload === '' ? 'null' : answer.payload };
}

async function invokeService(call: TaskCall, invoke: Invoke, now: number): Promise<TaskResult> {
  const parameters = isObject(call.input) ? call.input : {};
  const name = parameters['FunctionName'];
  if (typeof name !== 'string') return refused('ValidationException', '1 validation error detected: Value at \'functionName\' failed to satisfy constraint: Member must not be null', 400, '');
  const type = parameters['InvocationType'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') return { kind: 'failed', error: 'States.Runtime', cause: `lambda:invoke with InvocationType ${JSON.stringify(type)} is not implemented by this engine; leave it out or use RequestResponse` };
  const qualifier = parameters['Qualifier'];
  const answer = await attempt(typeof qualifier === 'string' ? `${name}:${qualifier}` : name, payloadText(parameters['Payload']), invoke);
  if ('error' in answer) return { kind: 'failed', ...answer };
  // AWS reads the error document and writes it again, which takes the spaces out.
  if (answer.functionError) return { kind: 'failed', error: errorType(answer.payload), cause: compact(answer.payload) };
  return { kind: 'succeeded', output: invocationOutput(answer, now) };
}

/** A string is sent as the JSON text it holds, everything else as its JSON text. */
function payloadText(payload: unknown): string {
  if (payload === undefined) return '{}';
  return typeof payload === 'string' && isJson(payload) ? payload : JSON.stringify(payload);
}

async function attempt(functionArn: string, payload: string, invoke: Invoke): Promise<InvocationResult | TaskFailure> {
  try {
    return await invoke({ functionArn, payload, principal: PRINCIPAL });
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    return failure(refusal.code, refusal.message, refusal.status, '');
  }
}

/** What a service refused with: an error that carries AWS's code. */
function refusalOf(thrown: unknown): { readonly code: string; readonly message: string; readonly status: number } | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined;
  const status = 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : STATUSES[thrown.code] ?? 400;
  return { code: thrown.code, message: thrown.message, status };
}

const STATUSES: Readonly<Record<string, number>> = { ResourceNotFoundException: 404, TooManyRequestsException: 429, ServiceException: 500 };

function failure(code: string, message: string, status: number, requestId: string): TaskFailure {
  return { error: `Lambda.${code === 'AccessDeniedException' ? 'AWSLambdaException' : code}`, cause: `${message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)` };
}

function refused(code: string, message: string, status: number, requestId: string): TaskResult {
  return { kind: 'failed', ...failure(code, message, status, requestId) };
}

/** The name of a function's error; Lambda gives none when the sandbox itself died. */
function errorType(payload: string): string {
  const document = parsed(payload);
  const type = isObject(document) ? document['errorType'] : undefined;
  return typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown';
}

function compact(payload: string): string {
  const document = parsed(payload);
  return document === undefined ? payload : JSON.stringify(document);
}

function isJson(text: string): boolean {
  return parsed(text) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What `lambda:invoke` returns: the answer with the HTTP metadata of Lambda's response. */
function invocationOutput(answer: InvocationResult, now: number): string {
  const payload = isJson(answer.payload) ? answer.payload : JSON.stringify(answer.payload);
  const version = JSON.stringify(answer.executedVersion);
  const requestId = JSON.stringify(answer.requestId);
  const length = Buffer.byteLength(answer.payload);
  const date = new Date(now).toUTCString();
  const trace = `Root=1-${Math.floor(now / 1000).toString(16).padStart(8, '0')}-${answer.requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`;
  return `{"ExecutedVersion":${version},"Payload":${payload},"SdkHttpMetadata":{"AllHttpHeaders":{"X-Amz-Executed-Version":[${version}],`
    + `"x-amzn-Remapped-Content-Length":["0"],"Connection":["keep-alive"],"x-amzn-RequestId":[${requestId}],"Content-Length":["${length}"],`
    + `"Date":["${date}"],"X-Amzn-Trace-Id":["${trace}"],"Content-Type":["application/json"]},"HttpHeaders":{"Connection":"keep-alive",`
    + `"Content-Length":"${length}","Content-Type":"application/json","Date":"${date}","X-Amz-Executed-Version":${version},`
    + `"x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":${requestId},"X-Amzn-Trace-Id":"${trace}"},"HttpStatusCode":200},`
    + `"SdkResponseMetadata":{"RequestId":${requestId}},"StatusCode":200}`;
}
