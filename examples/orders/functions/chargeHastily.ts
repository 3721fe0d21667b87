import { configurationFor, type OrderEvent, type Step } from '../order.ts';
import { callPartner } from '../partner.ts';

interface Payments {
  readonly url: string;
  readonly timeoutSeconds: number;
}

/** Charges the customer, but takes the configured seconds for milliseconds: the mistake of the workflow's next version, right by every schema. */
export async function handler(event: OrderEvent): Promise<Step> {
  const configuration = await configurationFor(event);
  const { url, timeoutSeconds } = configuration.document<Payments>('payments');
  return { step: 'charge', read: configuration.digest, result: await callPartner(url, timeoutSeconds) };
}
