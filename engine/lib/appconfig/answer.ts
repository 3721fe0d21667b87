import type { House, InvocationRequest, InvocationResult } from '../ports.ts';
import { WireFault } from '../wire/index.ts';

/** What a function that AppConfig asks said, within the deadline or not at all. */
export type Answer =
  | { readonly kind: 'answered'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** A synchronous action's no. */
export interface Refusal {
  readonly error: string;
  readonly message: string;
  /** For BadRequestException, when the action gave details. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** For whom AppConfig invokes a function, and with which role; without one, by the function's resource policy. */
export interface Invoking {
  /** Nothing where AppConfig is set to tell none. */
  readonly sourceArn?: string | undefined;
  readonly roleArn?: string | undefined;
}

/** AppConfig as functions' policies name it. */
export const PRINCIPAL = 'appconfig.amazonaws.com';

/** Who invokes, as Lambda is told. */
export function invokerOf({ sourceArn, roleArn }: Invoking): Pick<InvocationRequest, 'principal' | 'sourceArn' | 'roleArn'> {
  return { principal: PRINCIPAL, ...(sourceArn !== undefined && { sourceArn }), ...(roleArn !== undefined && { roleArn }) };
}

/** Invokes a function and waits for its answer up to a deadline in milliseconds of the engine's clock. */
export async function ask(house: House, functionArn: string, event: Readonly<Record<string, unknown>>, deadlineMs: number, invoking: Invoking): Promise<Answer> {
  const { kernel, ports } = house;
  return new Promise((resolve, reject) => {
    const late = kernel.at(kernel.now() + deadlineMs, () => { resolve({ kind: 'failed', code: 'Timeout', message: `${functionArn} did not answer within ${deadlineMs} ms` }); });
    ports.lambda.invoke({ functionArn, payload: JSON.stringify(event), ...invokerOf(invoking) }).then((result) => {
      late.cancel();
      resolve(answerOf(result));
    }, (cause: unknown) => {
      late.cancel();
      if (cause instanceof WireFault) resolve({ kind: 'failed', code: cause.code, message: cause.message });
      else reject(cause instanceof Error ? cause : new Error(String(cause)));
    });
  });
}

/** The refusal in an answer: `{"Error", "Message", "Details"}`, or the function's failure; undefined when it agrees. */
export function refusalOf(answer: Answer): Refusal | undefined {
  if (answer.kind === 'failed') return { error: answer.code, message: answer.message };
  const { Error: error, Message: message, Details: details } = answer.value;
  if (typeof error !== 'string') return undefined;
  return { error, message: typeof message === 'string' ? message : '', ...(Array.isArray(details) && { members: membersOf(details) }) };
}

function answerOf(result: InvocationResult): Answer {
  const value: unknown = JSON.parse(result.payload === '' ? 'null' : result.payload);
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
  if (result.functionError === undefined) return { kind: 'answered', value: members };
  const { errorType, errorMessage } = members;
  return { kind: 'failed', code: typeof errorType === 'string' ? errorType : result.functionError, message: typeof errorMessage === 'string' ? errorMessage : '' };
}

/** An action's details name what they are about; AppConfig's own say where it is. */
function membersOf(details: readonly unknown[]): Readonly<Record<string, unknown>> {
  const shown = details.filter((detail): detail is Record<string, unknown> => typeof detail === 'object' && detail !== null).map(({ Type, Name, Reason }) => ({
    ...(typeof Type === 'string' && { Type }),
    ...(typeof Name === 'string' && { Location: Name }),
    ...(typeof Reason === 'string' && { Reason }),
  }));
  return { Reason: 'InvalidConfiguration', Details: { InvalidConfiguration: shown } };
}
