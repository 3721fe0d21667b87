import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../lib/cli/event.ts';
import { HumanView } from '../../lib/cli/views/human.ts';
import { JsonView } from '../../lib/cli/views/json.ts';
import { Storyboard } from '../../lib/cli/views/storyboard.ts';
import { styleOf } from '../../lib/cli/views/terminal.ts';
import type { Scene } from '../../lib/rehearsal/scene.ts';
import { EVENTS, KEPT } from './scenes.ts';

const UNICODE = styleOf(false, true);

/** Text without its numbers, its bars and its line breaks. */
const masked = (text: string): string => text.replace(/\d[\d,.:]*/g, '#').replace(/[\s█░]+/g, ' ').trim();

/** What a view prints of some events. */
function shown(events: readonly Event[], options: { coloured?: boolean; unicode?: boolean; json?: boolean; watched?: boolean } = {}): { out: string; err: string } {
  const printed = { out: '', err: '' };
  const terminal = {
    out: (text: string) => { printed.out += `${text}\n`; },
    err: (text: string) => { printed.err += `${text}\n`; },
    style: styleOf(options.coloured ?? false, options.unicode ?? true),
    watched: options.watched ?? false,
  };
  const view = options.json === true ? new JsonView(terminal) : new HumanView(terminal);
  for (const event of events) view.show(event);
  return printed;
}

describe('the storyboard', () => {
  it('reads as it should, from the opening to what to try next', async () => {
    await expect(shown(EVENTS).out).toMatchFileSnapshot('storyboard.txt');
  });

  it('tells of a shift that goes back as README shows it; .ci/run compares with the whole story', () => {
    const excerpt = /```\n(Shift 1: [\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];

    expect(masked(shown(EVENTS).out)).toContain(masked(excerpt ?? 'an excerpt of the shift'));
  });

  it('says the same in ASCII, bars and rules included', () => {
    const ascii = shown(EVENTS, { unicode: false }).out;

    expect(ascii).toMatch(/^[\n -~]*$/);
    expect(shown(EVENTS).out.replaceAll('█', '#').replaceAll('░', '.').replaceAll('─', '-')).toBe(ascii);
  });

  it('says the same without colour', () => {
    const coloured = shown(EVENTS, { coloured: true }).out;

    expect(stripVTControlCharacters(coloured)).toBe(shown(EVENTS).out);
    expect(coloured).toContain('\u001B[33mROLLED_BACK\u001B[39m');
    expect(coloured).toContain('\u001B[31m      6\u001B[39m');
  });

  it('fits 80 columns whatever a scene holds, and fills them', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '\u00E4'), minLength: 1, maxLength: 300 });
    // A hundred thousand executions of one release are 55 hours of the rehearsal's traffic.
    const count = fc.nat(99_999);
    const counts = fc.record({ digest: fc.constant('sha256:0'), started: count, failed: count });
    const counted = fc.record({ version: fc.constant('2'), started: count, failed: count });
    const time = fc.nat(4e12);
    const release = fc.nat(99);
    const scene: fc.Arbitrary<Scene> = fc.oneof(
      fc.record({ kind: fc.constant('ready' as const), time, everyMs: fc.nat(1e6) }),
      fc.record({ kind: fc.constant('release' as const), time, release, title: text, change: fc.array(text, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('stage' as const), time, release, state: fc.constantFrom('DEPLOYING', 'BAKING', 'COMPLETE', 'ROLLING_BACK', 'ROLLED_BACK', 'REVERTED'), percent: fc.integer({ min: 0, max: 100 }), by: text, canary: counts, control: counts }),
      fc.record({ kind: fc.constant('alarm' as const), time, name: text, state: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA') }),
      fc.record({ kind: fc.constant('decision' as const), time, release, by: text, reason: text }),
      fc.record({ kind: fc.constant('shift' as const), time, shift: release, title: text, change: fc.array(text, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('shifting' as const), time, state: fc.constantFrom('waiting', 'claimed', 'growing', 'baking', 'returning', 'complete', 'rolled-back', 'superseded'), percent: fc.integer({ min: 0, max: 100 }), by: fc.constantFrom('judge', 'controller'), text, canary: counted, control: counted }),
      fc.record({ kind: fc.constant('refused' as const), time, release, path: fc.constantFrom('git' as const, 'console' as const), text: fc.tuple(text, text).map((lines) => lines.join('\n')) }),
    );

    fc.assert(fc.property(fc.array(scene, { maxLength: 20 }), (scenes) => {
      const storyboard = new Storyboard(UNICODE);
      const lines = scenes.flatMap((one) => storyboard.lines(one));
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }));
    expect(Math.max(...shown(EVENTS).out.split('\n').map((line) => line.length))).toBe(80);
  });

  it('names what an unpinned rehearsal shows, and how to go back', () => {
    const result = { ...KEPT, executions: { ...KEPT.executions, mixed: 409 } };

    const { out } = shown([{ kind: 'opening', unpinned: true }, { kind: 'finished', result, wallSeconds: 61, unpinned: true, again: 'npm start --' }]);

    expect(out).toContain('nothing pins it (--unpinned)');
    expect(out).toContain('\n  409 of them read more than one configuration.\n');
    expect(out).toContain('\n  npm start              the same with pins');
    expect(out).toContain('\n  npm start -- --seed 7  ');
    expect(out).toContain('\n  npx sluice up          ');
  });
});

describe('the view for scripts', () => {
  it('prints one object of the promised form, and nothing else', () => {
    const { out, err } = shown(EVENTS, { json: true });

    expect(JSON.parse(out)).toEqual({ ...KEPT, wallSeconds: 13.37 });
    expect(Object.keys(JSON.parse(out) as object)).toEqual(['releases', 'refused', 'shifts', 'executions', 'seed', 'history', 'virtualSeconds', 'wallSeconds']);
    expect(err).toBe('');
  });

  it('tells who looks on which release is played', () => {
    expect(shown(EVENTS, { json: true, watched: true }).err).toBe('release 1: the first one\nrelease 2: a good one\nrelease 3: a wrong one\nrelease 4: one that turns bad\nrelease 5: a number written as a word\n');
  });

  it('keeps to one object when something fails after it', () => {
    const { out, err } = shown([...EVENTS, { kind: 'failed', code: 'SLUICE-DEMO-1', message: 'SLUICE-DEMO-1: …' }], { json: true });

    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toBe('SLUICE-DEMO-1: …\n');
  });
});
