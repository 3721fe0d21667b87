import type { Probe } from './probe.ts';
import type { Target } from './target.ts';

/** What a run would do, for people: what it creates, how long it takes, what it may cost. At most 100 columns. */
export function planOf(probes: readonly Probe[], { kind, endpoint = '', region, account }: Pick<Target, 'kind' | 'endpoint' | 'region' | 'account'>): string {
  const minutes = probes.reduce((sum, probe) => sum + probe.minutes, 0) + 1;
  const width = Math.max(...probes.map(({ name }) => name.length));
  const rows = probes.map(({ name, question, creates, minutes: some }) => `  ${name.padEnd(width)}  ${String(some).padStart(2)} min  ${question}\n  ${''.padEnd(width)}          ${creates}`);
  return [
    `${kind === 'aws' ? 'AWS' : `sluice-engine at ${endpoint}`}, account ${account}, region ${region}`,
    '',
    ...rows,
    '',
    'Beside these: one role (/sluice-probe/), one function of 256 MB and its log group, for the whole run; and an application of',
    'its own for each probe. Everything is named sluice-probe-<run> and tagged sluice-probe; nothing else is touched, no account',
    'setting is changed, and all of it is removed at the end, after a failure and after Ctrl-C too.',
    kind === 'aws'
      ? `It takes about ${minutes} minutes. Cost: below 0.10 USD (alarms by the hour, log lines, a few hundred short invocations).`
      : `A virtual clock is moved forward, by up to ${minutes} minutes, for everybody who uses this engine; a real one takes as long as AWS.`,
  ].join('\n');
}
