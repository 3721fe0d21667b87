import { configurationFor, type OrderEvent, type Step } from '../order.ts';
import { callPartner } from '../partner.ts';

interface Payments {
  readonly url: string;
  readonly timeoutSeconds: number;
}

/** A time-out that the function itself would not live to see. */
class TimeoutBeyondReason extends Error {
  override readonly name = 'TimeoutBeyondReason';
}

/** Charges the customer. A charge whose end can't be awaited is never begun: nobody would know whether it was made. */
export async function handler(event: OrderEvent, context: { getRemainingTimeInMillis(): number }): Promise<Step> {
  const configuration = await configurationFor(event);
  const { url, timeoutSeconds } = configuration.document<Payments>('payments');
  const left = Math.floor(context.getRemainingTimeInMillis() / 1000);
  if (timeoutSeconds > left) throw new TimeoutBeyondReason(`payments.timeoutSeconds is ${timeoutSeconds}, but this function has ${left} s left`);
  return { step: 'charge', read: configuration.digest, result: await callPartner(url, timeoutSeconds * 1000) };
}
