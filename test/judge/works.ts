import { at, pinOf } from 'sluice/runtime';

interface Behaviour {
  /** Chances, 0 to 1. */
  readonly fails?: number;
  readonly slow?: number;
  readonly hangs?: number;
}

/** Does what the configuration of its execution says: fails, dawdles or hangs by chance, longer than its workflow may run. */
export async function handler(event: unknown): Promise<object> {
  const { fails = 0, slow = 0, hangs = 0 } = (await at(pinOf(event))).document<Behaviour>('behaviour');
  const drawn = Math.random();
  if (drawn < fails) throw new Error('as configured');
  if (drawn < fails + hangs) await sleep(35_000);
  if (drawn < fails + hangs + slow) await sleep(8000);
  return {};
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
