import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ProbeError, settingsFrom } from 'sluice-engine';
import { describe, expect, it } from 'vitest';
import { Sluice, sluice } from '../cli/sluice.ts';
import { PROBING } from '../../tools/probe/faults.ts';
import { main } from '../../tools/probe/main.ts';
import { PROBES } from '../../tools/probe/probes/index.ts';

const record = (probes: Readonly<Record<string, unknown>>): unknown => ({ sluiceProbe: 1, target: { kind: 'aws', region: 'us-east-1' }, recordedAt: '2026-11-21T00:00:00Z', probes });
const recorded = (facts: unknown): unknown => ({ question: 'Q', outcome: 'recorded', seconds: 1, facts });
const bracket = (longestAnsweredMs: number | null, shortestRefusedMs: number | null): unknown => ({ longestAnsweredMs, shortestRefusedMs });

/** A LINEAR deployment of 25 % in five minutes whose steps came every so many milliseconds. */
function quarters(everyMs: number, first = everyMs): unknown {
  return { growth: { type: 'LINEAR', factor: 25, minutes: 5, bakeMinutes: 0 }, steps: [25, 50, 75, 100].map((percentage, index) => ({ percentage, afterMs: first + index * everyMs })), course: {} };
}

describe('settings from a record', () => {
  it.each([
    ['observed', quarters(60_300)],
    ['guide', quarters(75_400)],
    ['api-reference', quarters(75_100, 200)],
  ])('read the steps as %s, each step being as late as AWS is', (reading, deployment) => {
    expect(settingsFrom(record({ linear: recorded({ deployments: [deployment] }) })).appconfig).toEqual({ linearSteps: reading });
  });

  it('leave out what failed, what was not supported and what the search did not reach', () => {
    const { appconfig, states } = settingsFrom(record({
      linear: { question: 'Q', outcome: 'failed', seconds: 1, problem: 'P' },
      alias: recorded({ lookedEveryMs: 50, firstNewMs: [100, null] }),
      deadlines: recorded({ preCreate: bracket(10_000, null), preStart: bracket(10_000, null), validator: bracket(14_500, 15_000) }),
    }));

    expect({ appconfig, states }).toEqual({ appconfig: { validatorDeadlineMs: 15_000 }, states: {} });
  });

  it('take the deadline of ticks from the finer search where both agree', () => {
    const ticks = (deadline: unknown): unknown => recorded({ intervalMs: 60_012, deadline });
    const deadlines = recorded({ preCreate: bracket(2900, 3000), preStart: bracket(2900, 3000), validator: bracket(14_500, 15_000) });

    expect(settingsFrom(record({ ticks: ticks(bracket(2500, 3000)), deadlines })).appconfig).toEqual({ tickMs: 60_000, extensionDeadlineMs: 3000, validatorDeadlineMs: 15_000 });
    expect(settingsFrom(record({ ticks: ticks(bracket(5000, 8000)), deadlines })).appconfig).toMatchObject({ tickDeadlineMs: 8000, extensionDeadlineMs: 3000 });
  });

  it.each([
    ['text that is not JSON', '{', 'ENGINE-PROBE-1'],
    ['another file', { deployment: 1 }, 'ENGINE-PROBE-1'],
    ['a later format', { sluiceProbe: 2, probes: {} }, 'ENGINE-PROBE-1'],
    ['a time that is none', record({ instant: recorded({ firstChangeMs: -1 }) }), 'ENGINE-PROBE-1'],
    ['a probe of a later version', record({ experiments: recorded({}) }), 'ENGINE-PROBE-2'],
    ['a probe named like a member of every object', record({ constructor: recorded({}) }), 'ENGINE-PROBE-2'],
    ['two readings of LINEAR growth', record({ linear: recorded({ deployments: [quarters(60_000), quarters(75_000)] }) }), 'ENGINE-PROBE-3'],
    ['a deadline upside down', record({ deadlines: recorded({ preCreate: bracket(4000, 3000), preStart: bracket(2900, 3000), validator: bracket(1, 2) }) }), 'ENGINE-PROBE-3'],
    ['two deadlines for extensions', record({ deadlines: recorded({ preCreate: bracket(2900, 3000), preStart: bracket(4900, 5000), validator: bracket(1, 2) }) }), 'ENGINE-PROBE-3'],
    ['a verdict that its own deployment denies', record({ monitors: recorded({ insufficientDataRollsBack: true, cases: { 'insufficient-data': { state: 'COMPLETE' } } }) }), 'ENGINE-PROBE-3'],
    ['a foreign source that was let in', record({ sources: recorded({ validator: { account: null, application: null, foreign: null }, extensionRole: {} }) }), 'ENGINE-PROBE-3'],
    ['an account that was not let in', record({ sources: recorded({ validator: { account: {}, application: {}, foreign: {} }, extensionRole: {} }) }), 'ENGINE-PROBE-3'],
    ['sources that were not asked for', record({ sources: recorded({ validator: { account: null } }) }), 'ENGINE-PROBE-1'],
    ['steps that fit no reading', record({ linear: recorded({ deployments: [quarters(20_000)] }) }), 'ENGINE-PROBE-4'],
    ['no steps at all', record({ linear: recorded({ deployments: [{ growth: { type: 'LINEAR', factor: 25, minutes: 5, bakeMinutes: 0 }, steps: [] }] }) }), 'ENGINE-PROBE-4'],
  ])('refuse %s', (_, given, code) => {
    expect(() => settingsFrom(given)).toThrow(expect.objectContaining({ name: 'ProbeError', code, message: expect.stringMatching(new RegExp(`^${code}: .+; .+`)) as string }) as Error);
  });

  it('are had, or refused by code, from whatever is given', () => {
    const names = fc.constantFrom(...PROBES.map(({ name }) => name));
    const outcome = fc.record({ outcome: fc.constantFrom('recorded', 'failed', 'odd'), facts: fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('deployments', 'intervalMs', 'deadline', 'firstNewMs', 'cases'), fc.jsonValue())) });

    expect(() => { fc.assert(fc.property(fc.dictionary(names, outcome), (probes) => {
      try {
        return typeof settingsFrom(JSON.parse(JSON.stringify(record(probes)))) === 'object';
      } catch (error) {
        return error instanceof ProbeError;
      }
    })); }).not.toThrow();
  });
});

describe('sluice up --probe', () => {
  it('starts an engine that does what was recorded, as the probe then finds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-probe-'));
    const [given, found] = [join(folder, 'given.json'), join(folder, 'found.json')];
    writeFileSync(given, JSON.stringify(record({ instant: recorded({ firstChangeMs: 1234 }) })));
    await using child = new Sluice(['up', '--port', '0', '--agent-port', 'off', '--clock', 'virtual', '--json', '--probe', given]);
    const { endpoint, environment } = JSON.parse(await child.says(/\n$/)) as { endpoint: string; environment: Record<string, string> };
    Object.assign(process.env, { AWS_REGION: environment['AWS_REGION'], AWS_ACCESS_KEY_ID: 'AKIDPROBE', AWS_SECRET_ACCESS_KEY: 'probe' });

    const quiet = { out: () => undefined, err: () => undefined };
    const code = await main(['--yes', '--only', 'instant', '--out', found], { AWS_ENDPOINT_URL: endpoint }, quiet, new AbortController().signal);

    expect(code).toBe(0);
    expect(settingsFrom(readFileSync(found, 'utf8')).appconfig).toEqual({ workerLagMs: 1234 });
    rmSync(folder, { recursive: true });
  });

  it('refuses a file that is no record, by code', async () => {
    const { code, stdout, stderr } = await sluice(['up', '--port', '0', '--agent-port', 'off', '--probe', 'package.json']);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("ENGINE-PROBE-1: sluiceProbe is not as a probe's record has it, got nothing; give a file that npm run probe:aws wrote, of format 1");
  });
});

describe('docs/probe.md', () => {
  it('names each probe and each code', () => {
    const page = readFileSync(new URL('../../docs/probe.md', import.meta.url), 'utf8');

    const missing = [...PROBES.map(({ name }) => `| ${name} |`), ...Object.keys(PROBING).map((code) => `| ${code} |`)].filter((row) => !page.includes(row));

    expect(missing).toEqual([]);
  });
});
