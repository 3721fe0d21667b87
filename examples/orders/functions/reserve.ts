import { configurationFor, type OrderEvent, type Step } from '../order.ts';
import { callPartner } from '../partner.ts';

interface Limits {
  readonly itemsPerOrder: number;
}

/** Reserves stock; an order above the limit is reserved in parts. */
export async function handler(event: OrderEvent): Promise<Step> {
  const configuration = await configurationFor(event);
  const { itemsPerOrder } = configuration.document<Limits>('limits');
  const parts = Math.ceil(event.order.items / itemsPerOrder);
  for (let part = 0; part < parts; part += 1) await callPartner('https://stock.warehouse.example/reserve', 2000);
  return { step: 'reserve', read: configuration.digest, result: { parts } };
}
