import { at, pinOf } from 'sluice/runtime';

interface Quota {
  readonly ordersPerMinute: number;
}

/** Whether a tenant's quota takes so many orders a minute. */
export async function handler(event: { readonly ordersPerMinute: number }): Promise<boolean> {
  const { ordersPerMinute } = (await at(pinOf(event))).document<Quota>('quota');
  return event.ordersPerMinute <= ordersPerMinute;
}
