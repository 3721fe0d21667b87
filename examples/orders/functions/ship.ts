import { configurationFor, type OrderEvent, type Step } from '../order.ts';
import { callPartner } from '../partner.ts';

interface Carrier {
  readonly url: string;
  /** A planned move to another host, from an instant on. */
  readonly moves?: { readonly at: string; readonly url: string };
}

interface Carriers {
  readonly regions: Readonly<Record<string, Carrier>>;
}

/** Books the carrier of the order's region. */
export async function handler(event: OrderEvent): Promise<Step> {
  const configuration = await configurationFor(event);
  const carrier = configuration.document<Carriers>('carriers').regions[event.order.region];
  if (!carrier) throw new Error(`carriers has no region ${event.order.region}`);
  const moved = carrier.moves && Date.now() >= Date.parse(carrier.moves.at);
  return { step: 'ship', read: configuration.digest, result: await callPartner(moved ? carrier.moves.url : carrier.url, 2000) };
}
