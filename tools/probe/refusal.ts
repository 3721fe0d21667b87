/** A call that was refused, as the service worded it. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** Further members of the error's body, such as `Reason` and `Details`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Something the target does not have, so that a probe cannot ask. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

const OWN = new Set(['name', 'message', 'stack', 'Message', '$fault', '$metadata', '$service', '$response', '$retryable', 'message_', 'Type']);

/** The refusal in what an SDK client threw; throws on what is none, and Unsupported for an engine's 501. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error) || !('$metadata' in error)) throw error;
  const { httpStatusCode: status = 0 } = error.$metadata as { readonly httpStatusCode?: number };
  if (status === 501) throw new Unsupported(error.message);
  const members = Object.fromEntries(Object.entries(error).filter(([name, value]) => !OWN.has(name) && value !== undefined));
  return { code: error.name, status, message: error.message, ...(Object.keys(members).length > 0 && { members }) };
}

/** Whether what was thrown says that the target does not have what was asked for. */
export function isUnsupported(error: unknown): boolean {
  return error instanceof Unsupported || (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 501;
}

/** Makes a call that may be refused: the refusal, or null when it was accepted. */
export async function refused(call: Promise<unknown>): Promise<Refusal | null> {
  try {
    await call;
    return null;
  } catch (error) {
    return refusalOf(error);
  }
}

/** Makes a call of which it does not matter whether the thing is there. */
export async function unlessAbsent<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    const { code, status } = refusalOf(error);
    if (status === 404 || /NotFound|NoSuchEntity|DoesNotExist|Deleting/.test(code)) return undefined;
    throw error;
  }
}
