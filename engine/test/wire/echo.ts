import { onTestFinished } from 'vitest';
import { bodyLimit, listen, router } from '../../lib/wire/index.ts';
import type { Call, Dispatch, Listener, Service } from '../../lib/wire/index.ts';

/** What an operation of the test's own services answers with, or a function of its input. */
type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A door onto services made up for a test, with what arrived and what was reported. */
export interface Echo {
  readonly dispatch: Dispatch;
  readonly calls: Call[];
  readonly reports: { error: unknown; where: string }[];
}

/** Services by name, their operations by name: an answer, or a function that gives it. */
export function echo(answers: Answers): Echo {
  const calls: Call[] = [];
  const reports: Echo['reports'] = [];
  const services = Object.entries(answers).map(([name, operations]): Service => ({
    name,
    operations: Object.fromEntries(Object.entries(operations).map(([operation, answer]) => [operation, (input: never, call: Call): unknown => {
      calls.push(call);
      return typeof answer === 'function' ? (answer as (input: unknown) => unknown)(input) : answer;
    }])),
  }));
  let ids = 0;
  const dispatch = router({
    services,
    requestId: () => `request-${++ids}`,
    control: { health: () => ({ status: 200, headers: {}, body: Buffer.from('well') }) },
    report: (error, where) => { reports.push({ error, where }); },
  });
  return { dispatch, calls, reports };
}

/** The call that arrived as the n-th, from 0. */
export function nth(calls: readonly Call[], index: number): Call {
  const call = calls[index];
  if (!call) throw new Error(`only ${calls.length} calls arrived`);
  return call;
}

/** The same, on a loopback port that is closed when the test ends. */
export async function echoServer(answers: Answers): Promise<Echo & { listener: Listener; client: ClientConfig }> {
  const made = echo(answers);
  const listener = await listen({ dispatch: made.dispatch, bodyLimit });
  onTestFinished(() => listener.close());
  return { ...made, listener, client: clientConfig(listener.url) };
}

interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
}

/** How every client of these tests is set up. */
export function clientConfig(endpoint = 'http://127.0.0.1:1'): ClientConfig {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 };
}

/** The header that signs for a service, as far as the engine reads it. */
export function signedFor(signingName: string): { authorization: string } {
  return { authorization: `AWS4-HMAC-SHA256 Credential=AKIDTEST/20260101/us-east-1/${signingName}/aws4_request, SignedHeaders=host, Signature=0` };
}

/** What a refused call threw. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('the call was not refused');
}

interface Refusal extends Error {
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly statusCode: number; readonly headers: Record<string, string> };
  readonly [member: string]: unknown;
}
