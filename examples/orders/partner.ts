/** Hosts of the partners that are in service; stands in for the network, which rehearsals do not reach. */
const IN_SERVICE: ReadonlySet<string> = new Set(['eu.carrier.example', 'us.carrier.example', 'pay.bank.example', 'stock.warehouse.example']);

/** A partner that did not answer as it should. */
export class PartnerError extends Error {
  override readonly name = 'PartnerError';
}

/**
 * Calls a partner and waits for its answer: 40 to 120 ms.
 * @throws PartnerError when the host is not in service, or does not answer within the time-out.
 */
export async function callPartner(url: string, timeoutMs: number): Promise<{ reference: string }> {
  const { host } = new URL(url);
  const latency = 40 + Math.floor(Math.random() * 80);
  await new Promise((resolve) => { setTimeout(resolve, Math.min(latency, timeoutMs)); });
  if (latency > timeoutMs) throw new PartnerError(`${host} did not answer within ${timeoutMs} ms`);
  if (!IN_SERVICE.has(host)) throw new PartnerError(`${host} is not in service`);
  return { reference: `${host.split('.')[0]}-${Math.floor(Math.random() * 1e9)}` };
}
