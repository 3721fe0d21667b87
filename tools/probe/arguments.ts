import { parseArgs } from 'node:util';
import { fault } from '../../lib/core/fault.ts';
import { PROBING } from './faults.ts';
import type { Probe } from './probe.ts';
import { PROBES } from './probes/index.ts';

/** What the command line asks for. */
export interface Asked {
  readonly help: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly sweep: boolean;
  readonly probes: readonly Probe[];
  /** Where the record is written. @default probe-<date>.json */
  readonly out?: string;
}

/** How the probe is used. */
export const USAGE = `Usage: npm run probe:aws -- [options]

Asks AWS what its documentation leaves open, in a scratch application, and
writes what it answered to probe-<date>.json. docs/probe.md tells the rest.

Options:
  --yes         Do it; without, only the plan is shown
  --only A,B    Only these probes
  --out FILE    Where the record goes (default: probe-<date>.json)
  --json        Print the record on stdout too
  --sweep       Only remove what earlier runs left behind
  -h, --help    Show this help

Probes: ${PROBES.map(({ name }) => name).join(', ')}
`;

/** @throws Fault `SLUICE-PROBE-1` for an unknown option, `-2` for an unknown probe. */
export function askedBy(argv: readonly string[]): Asked {
  const options = {
    help: { type: 'boolean', short: 'h' }, yes: { type: 'boolean' }, json: { type: 'boolean' }, sweep: { type: 'boolean' }, only: { type: 'string' }, out: { type: 'string' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...argv], options }));
  } catch (error) {
    throw fault(PROBING, 'SLUICE-PROBE-1', { got: /'([^']+)'/.exec((error as Error).message)?.[1] ?? argv.join(' ') }, error);
  }
  const { help = false, yes = false, json = false, sweep = false, only, out } = values;
  return { help, yes, json, sweep, probes: only === undefined ? PROBES : chosen(only), ...(out !== undefined && { out }) };
}

function chosen(only: string): readonly Probe[] {
  const names = new Set(only.split(',').map((name) => name.trim()));
  const unknown = [...names].find((name) => !PROBES.some((probe) => probe.name === name));
  if (unknown !== undefined) throw fault(PROBING, 'SLUICE-PROBE-2', { got: unknown === '' ? 'nothing' : unknown, names: PROBES.map(({ name }) => name).join(', ') });
  return PROBES.filter(({ name }) => names.has(name));
}
