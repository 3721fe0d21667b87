import { PLANS, type Plan } from '../core/index.ts';

/** One change of the story, told by the folder below examples/orders/releases that holds the documents it replaces. */
export interface Chapter {
  readonly title: string;
  readonly folder?: string;
  readonly plan: Plan;
  /** What the change is, old and new. */
  readonly change: readonly string[];
}

/** An execution starts every 2 seconds of virtual time. */
export const EVERY_MS = 2000;

/** The releases that are let through, in order; what becomes of them is for the guards to decide. */
export const CHAPTERS: readonly Chapter[] = [
  { title: 'the first configuration', plan: { kind: 'all-at-once', bakeMinutes: 0 }, change: [] },
  {
    title: 'larger orders, a more patient bank',
    folder: '2-patient-bank',
    plan: PLANS.canary,
    change: ['limits.itemsPerOrder 20 -> 50', 'payments.timeoutSeconds 2 -> 3'],
  },
  {
    title: 'milliseconds for seconds',
    folder: '3-milliseconds',
    plan: PLANS.canary,
    change: ['payments.timeoutSeconds 3 -> 2500'],
  },
  {
    title: 'a carrier moves, an hour later',
    folder: '4-carrier-moves',
    plan: PLANS.canary,
    change: ['carriers.regions.eu.moves to a host that is not in service yet'],
  },
];

/** The change that no gate lets through. */
export const REFUSED: { readonly title: string; readonly folder: string; readonly change: readonly string[] } = {
  title: 'a number written as a word',
  folder: '5-breaks-schema',
  change: ['limits.itemsPerOrder 50 -> "fifty"'],
};

/** The version of the workflow that is shifted to, and back: every schema and every gate lets its code through. */
export const SHIFTED: { readonly title: string; readonly change: readonly string[] } = {
  title: 'version 2 of the workflow, wrong by its code',
  change: ['charge waits payments.timeoutSeconds for the bank -> that many milliseconds'],
};

const REGIONS = ['eu', 'us'] as const;

/** The n-th order: 1 to 40 items, for each region in turn. */
export function order(n: number): { readonly order: { readonly id: string; readonly items: number; readonly region: string } } {
  return { order: { id: `order-${n}`, items: 1 + ((n * 7) % 40), region: REGIONS[n % 2]! } };
}
