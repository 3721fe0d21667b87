import { writeFileSync } from 'node:fs';
import { Fault, fault } from '../../lib/core/fault.ts';
import { askedBy, USAGE, type Asked } from './arguments.ts';
import { PROBING } from './faults.ts';
import { planOf } from './plan.ts';
import { PREFIX, probing, type Progress } from './probing.ts';
import { sweep, type Swept } from './sweep.ts';
import { targetOf, type Target } from './target.ts';

/** Where the words go: data to `out`, progress and errors to `err`. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Runs a command line of the probe. Answers the exit code: 0 as asked, 1 when something failed or was left behind, 2 for a wrong command line
 * and when `--yes` is missing, 130 when it was interrupted.
 */
export async function main(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>, { out, err }: Streams, signal: AbortSignal): Promise<number> {
  try {
    const asked = askedBy(argv);
    if (asked.help) {
      out(USAGE);
      return 0;
    }
    const endpoint = environment['AWS_ENDPOINT_URL'];
    const connection = endpoint === undefined || endpoint === '' ? {} : { endpoint };
    const target = await targetOf(connection, signal);
    const patient = await targetOf(connection, new AbortController().signal);
    try {
      return asked.sweep ? finish(await sweep(patient, PREFIX), err) : await probe(asked, target, patient, { out, err }, signal);
    } finally {
      target.clients.destroy();
      patient.clients.destroy();
    }
  } catch (error) {
    err(`${error instanceof Fault ? error.message : (error as Error).stack ?? String(error)}\n`);
    return error instanceof Fault && ['SLUICE-PROBE-1', 'SLUICE-PROBE-2', 'SLUICE-PROBE-3'].includes(error.code) ? 2 : 1;
  }
}

async function probe(asked: Asked, target: Target, patient: Target, { out, err }: Streams, signal: AbortSignal): Promise<number> {
  err(`${planOf(asked.probes, target)}\n\n`);
  if (!asked.yes) throw fault(PROBING, 'SLUICE-PROBE-3', { account: target.account, region: target.region });
  const { record, swept, interrupted } = await probing(asked.probes, target, patient, signal, (progress) => { err(lineOf(progress)); });
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  const file = asked.out ?? `probe-${record.recordedAt.slice(0, 10)}.json`;
  writeFileSync(file, text);
  err(`\nwritten to ${file}\n`);
  if (asked.json) out(text);
  const code = finish(swept, err);
  if (interrupted) return 130;
  return Object.values(record.probes).some(({ outcome }) => outcome === 'failed') ? 1 : code;
}

function finish({ removed, problems }: Swept, err: Streams['err']): number {
  err(`swept: ${removed.length} removed\n`);
  if (problems.length === 0) return 0;
  err(`${fault(PROBING, 'SLUICE-PROBE-6', { count: problems.length, problems: problems.join('; ') }).message}\n`);
  return 1;
}

function lineOf(progress: Progress): string {
  switch (progress.kind) {
    case 'preparing': return `${progress.run}: a role and a function\n`;
    case 'began': return `${progress.probe.name}: about ${progress.probe.minutes} min\n`;
    case 'ended': {
      const { outcome, seconds } = progress.outcome;
      return `${progress.probe.name}: ${outcome} after ${seconds} s${'problem' in progress.outcome ? `: ${progress.outcome.problem}` : ''}\n`;
    }
    case 'sweeping': return 'sweeping\n';
  }
}
