/** A refusal as an SDK's caller sees it. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** Awaits a call that must fail and answers how it did. */
export async function refused(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { code: name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call was expected to be refused, and was not');
}
