import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InvocationOrder } from '../messages.ts';

/** A handler as Lambda's Node.js runtime calls it. */
export type LambdaHandler = (event: unknown, context: object, callback: (error: unknown, value?: unknown) => void) => unknown;

/** An error with the type Lambda gives it. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Finds `file.export` below the task root, as Lambda's Node.js runtime does: .js, .mjs, .cjs; named or on the default export. */
export async function loadHandler(taskRoot: string, handler: string): Promise<LambdaHandler> {
  const dot = handler.lastIndexOf('.');
  const file = handler.slice(0, dot);
  const path = ['', '.js', '.mjs', '.cjs'].map((ending) => join(taskRoot, file + ending)).find((candidate) => /\.[cm]?js$/.test(candidate) && existsSync(candidate));
  if (dot < 1 || !path) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  let found: unknown;
  try {
    found = await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    const code = (error as { code?: string }).code;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') throw new RuntimeError('Runtime.ImportModuleError', `Error: ${(error as Error).message}`);
    throw error;
  }
  for (const key of handler.slice(dot + 1).split('.')) {
    const namespace = found as Record<string, unknown> | undefined;
    found = namespace?.[key] ?? (namespace?.['default'] as Record<string, unknown> | undefined)?.[key];
  }
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  return found as LambdaHandler;
}

/** Calls a handler with its context; resolves with the answer's JSON text, rejects with what the handler threw. */
export function callHandler(handler: LambdaHandler, order: InvocationOrder, now: () => number): Promise<string> {
  return new Promise((resolve, reject) => {
    const answer = (value: unknown): void => {
      try {
        resolve(JSON.stringify(value) ?? 'null');
      } catch (error) {
        reject(new RuntimeError('Runtime.MarshalError', `Unable to stringify response body as json: ${(error as Error).message}`));
      }
    };
    const callback = (error: unknown, value?: unknown): void => {
      if (error === null || error === undefined) answer(value);
      else reject(error instanceof Error ? error : new RuntimeError('Error', String(error)));
    };
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: order.functionName,
      functionVersion: order.functionVersion,
      invokedFunctionArn: order.invokedFunctionArn,
      memoryLimitInMB: order.memoryLimitInMB,
      awsRequestId: order.requestId,
      logGroupName: order.logGroupName,
      logStreamName: order.logStreamName,
      getRemainingTimeInMillis: () => Math.max(0, order.deadline - now()),
      done: callback,
      succeed: (value: unknown) => { callback(null, value); },
      fail: (error: unknown) => { callback(error ?? new Error('undefined')); },
    };
    const returned = handler(JSON.parse(order.payload), context, callback);
    if (typeof (returned as Promise<unknown> | undefined)?.then === 'function') (returned as Promise<unknown>).then(answer, reject);
    // A plain function that takes no callback has nothing left to say.
    else if (handler.length < 3) answer(undefined);
  });
}

/** Lambda's error document. Paths of this machine become /var/task, so that two machines give the same text. */
export function errorDocument(error: unknown, taskRoot: string): string {
  const clean = (text: string): string => text.replaceAll(pathToFileURL(taskRoot).href, 'file:///var/task').replaceAll(taskRoot, '/var/task');
  if (!(error instanceof Error)) {
    return JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
  }
  return JSON.stringify({ errorType: error.name, errorMessage: clean(error.message), trace: clean(error.stack ?? '').split('\n') });
}
