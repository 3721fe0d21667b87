import { describe, expect, it } from 'vitest';
import { failure } from '../../lib/cli/failure.ts';
import { broken } from '../../lib/cli/promise.ts';
import { count, duration, wrap } from '../../lib/cli/views/layout.ts';
import { coloursIn, unicodeIn } from '../../lib/cli/views/terminal.ts';
import { KEPT } from './scenes.ts';

describe('a number', () => {
  it.each([[0, '0 s'], [2, '2 s'], [59.4, '59 s'], [59.6, '1 min'], [430, '7 min'], [3569, '59 min'], [3571, '1 h 00 min'], [3900, '1 h 05 min'], [90_000, '25 h 00 min']])('of %d seconds is said as %s', (seconds, said) => {
    expect(duration(seconds)).toBe(said);
  });

  it.each([[0, '0'], [999, '999'], [1000, '1,000'], [2_097_152, '2,097,152']])('like %d has its thousands apart', (number, said) => {
    expect(count(number)).toBe(said);
  });
});

describe('a text', () => {
  it('is broken at spaces, and inside a word that is wider than a line', () => {
    expect(wrap('a bb ccc dddddddddd e', '  ', 8)).toEqual(['  a bb', '  ccc', '  dddddd', '  dddd e']);
  });
});

describe('a terminal', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('with %o that is a TTY (%s) has colours: %s', (environment, isTTY, colours) => {
    expect(coloursIn(environment, isTTY)).toBe(colours);
  });

  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'UTF-8', LANG: 'C' }, true],
  ])('with %o shows UTF-8: %s', (environment, shows) => {
    expect(unicodeIn(environment, 'linux')).toBe(shows);
    expect(unicodeIn(environment, 'win32')).toBe(true);
  });
});

describe('the promise of a rehearsal', () => {
  it('is kept by what it should be, and by mixed executions only without pins', () => {
    const mixed = { ...KEPT, executions: { ...KEPT.executions, mixed: 3 } };

    expect(broken(KEPT, false)).toEqual([]);
    expect(broken(mixed, true)).toEqual([]);
    expect(broken(mixed, false)).toEqual(['3 pinned executions read more than one configuration']);
    expect(broken(KEPT, true)).toEqual(['no unpinned execution read more than one configuration']);
  });

  it('is broken by another end, a missing release or a missing refusal, each named', () => {
    const [first, second, wrong] = KEPT.releases;

    expect(broken({ ...KEPT, releases: [first!, second!, { ...wrong!, state: 'COMPLETE' }], refused: KEPT.refused.slice(0, 1) }, false)).toEqual([
      'release 3 is COMPLETE instead of ROLLED_BACK',
      'release 4 is missing instead of REVERTED',
      '0 changes instead of 1 were refused on the console path',
    ]);
  });
});

describe('a failure', () => {
  it('that nobody knows is told as a defect, with its trace and that of its causes', () => {
    const told = failure(new Error('outer', { cause: new Error('inner') }));

    expect(told).toMatchObject({ code: 'SLUICE-CLI-7', message: 'SLUICE-CLI-7: sluice failed in a way it does not know: outer; this is a defect; report it with the trace below' });
    expect(told.trace).toMatch(/^Error: outer\n[^]*\ncaused by Error: inner\n/);
  });

  it('that is no error is told as well', () => {
    expect(failure('text')).toMatchObject({ code: 'SLUICE-CLI-7', message: expect.stringContaining('does not know: text;') });
  });
});
