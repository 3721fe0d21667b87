import type { InvocationOrder } from '../messages.ts';
import { RuntimeError } from './failure.ts';
import type { LambdaHandler } from './loader.ts';

/** How an invocation ended. */
export type Ending = { readonly kind: 'answer'; readonly payload: string } | { readonly kind: 'error'; readonly error: unknown };

const DEPRECATED = 'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. '
  + 'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';
const UNSETTLED = 'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. '
  + 'For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/** Refuses handlers that the runtime cannot call: since Node.js 24 those that take a callback. */
export function requireSupported(handler: LambdaHandler, runtime: number): void {
  if (runtime >= 24 && handler.length >= 3) throw new RuntimeError('Runtime.CallbackHandlerDeprecated', DEPRECATED);
}

/** One call of a handler, by the rules of the runtime interface client for Node.js. */
export class Invocation {
  readonly #order: InvocationOrder;
  readonly #handler: LambdaHandler;
  readonly #runtime: number;
  readonly #ended: (ending: Ending) => void;
  #waitsForLoop = true;
  #called = false;
  /** What a callback gave, while the event loop still has something to do. */
  #held: { readonly value: unknown } | undefined;

  /** `runtime` is Node's major version as the function asked for it; `ended` is called once. */
  constructor(handler: LambdaHandler, order: InvocationOrder, runtime: number, ended: (ending: Ending) => void) {
    this.#handler = handler;
    this.#order = order;
    this.#runtime = runtime;
    this.#ended = ended;
  }

  /** Calls the handler. */
  begin(now: () => number): void {
    const context = this.#context(now);
    try {
      const returned = this.#handler(JSON.parse(this.#order.payload), context, (error, value) => { this.#callBack(error, value); });
      if (isThenable(returned)) returned.then((value) => { this.#answer(value); }, (error: unknown) => { this.#refuse(error ?? 'handled'); });
      // Before Node.js 24 what a plain function returns says nothing: it answers by its callback, or not at all.
      else if (this.#runtime >= 24) this.#answer(returned);
    } catch (error) {
      if (this.#runtime < 24) this.#callBack(error, undefined);
      else this.#refuse(error);
    }
  }

  /** Whether the handler has called back, and the answer waits for the event loop to empty. */
  get held(): boolean {
    return this.#held !== undefined;
  }

  /** To be told when nothing is left in the event loop: Node would exit now. */
  loopEmptied(): void {
    if (this.#held) this.#answer(this.#held.value);
    else if (this.#runtime >= 24 || this.#handler.constructor.name === 'AsyncFunction') this.#refuse(new RuntimeError('Runtime.NodeJsExit', UNSETTLED));
    else this.#answer(null);
  }

  #context(now: () => number): object {
    const order = this.#order;
    const done = (error: unknown, value?: unknown): void => {
      this.#waitsForLoop = false;
      this.#callBack(error, value);
    };
    const context = {
      functionName: order.functionName,
      functionVersion: order.functionVersion,
      invokedFunctionArn: order.invokedFunctionArn,
      memoryLimitInMB: order.memoryLimitInMB,
      awsRequestId: order.requestId,
      logGroupName: order.logGroupName,
      logStreamName: order.logStreamName,
      getRemainingTimeInMillis: () => Math.max(0, order.deadline - now()),
    };
    if (this.#runtime >= 24) return context;
    const succeed = (value: unknown): void => { done(null, value); };
    const fail = (error: unknown): void => { done(error ?? 'handled'); };
    return Object.defineProperty({ ...context, done, succeed, fail }, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true, get: () => this.#waitsForLoop, set: (value: boolean) => { this.#waitsForLoop = value; },
    });
  }

  #callBack(error: unknown, value: unknown): void {
    if (this.#called) return;
    this.#called = true;
    if (error !== null && error !== undefined) this.#refuse(error);
    else if (this.#waitsForLoop) this.#held = { value };
    else this.#answer(value);
  }

  #answer(value: unknown): void {
    let payload: string;
    try {
      payload = JSON.stringify(value === undefined ? null : value) ?? 'null';
    } catch {
      this.#refuse(this.#runtime >= 24 ? new RuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body') : new Error('Unable to stringify response body'));
      return;
    }
    this.#ended({ kind: 'answer', payload });
  }

  #refuse(error: unknown): void {
    this.#ended({ kind: 'error', error });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
