import type { Looks } from '../arguments.ts';

/** Where a view writes, and what can be shown there. */
export interface Terminal {
  /** Data. */
  readonly out: (text: string) => void;
  /** Progress and errors. */
  readonly err: (text: string) => void;
  readonly style: Style;
  /** Whether a person looks at the errors. */
  readonly watched: boolean;
  /** Whether what was written to stdout can be overwritten. */
  readonly inPlace?: boolean;
  /** How large it is now. @default - without bounds */
  readonly size?: () => Size;
}

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How words are marked; without colour each is left as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  /** A filled cell, an empty one, and a rule. */
  readonly glyphs: { readonly full: string; readonly empty: string; readonly rule: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What of the process a terminal depends on. */
export interface Streams {
  readonly env: Environment;
  readonly platform: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The terminal of a process. A reader that goes away, as `| head` does, ends the process without complaint. */
export function terminalOf(looks: Looks, { env, platform, stdout, stderr }: Streams): Terminal {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => { stdout.write(`${text}\n`); },
    err: (text) => { stderr.write(`${text}\n`); },
    style: styleOf(!looks.noColor && coloursIn(env, stdout.isTTY), !looks.ascii && unicodeIn(env, platform)),
    watched: stderr.isTTY,
    inPlace: stdout.isTTY && env['TERM'] !== 'dumb',
    size: () => ({ columns: stdout.columns || Infinity, rows: stdout.rows || Infinity }),
  };
}

/** Text in which nothing but colours moves a terminal: subjects of commits and what AWS logs are whatever somebody wrote. */
export function harmless(text: string): string {
  return text.replaceAll(CONTROL, '\uFFFD');
}

/** Control characters (Unicode's Cc) but line feed, tab and the beginning of an SGR sequence. */
const CONTROL = /\u001B(?!\[[\d;]*m)|(?![\n\t\u001B])\p{Cc}/gu;

/** Whether colours are wanted: NO_COLOR (https://no-color.org) forbids, FORCE_COLOR demands, else only on a terminal that has them. */
export function coloursIn(env: Environment, isTTY: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}

/** Whether a terminal shows UTF-8: as LC_ALL, LC_CTYPE or LANG say, the first that is set (POSIX); Windows' terminals do. */
export function unicodeIn(env: Environment, platform: string): boolean {
  if (platform === 'win32') return true;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}

/** A style with or without colours (ANSI SGR), with block characters or with ASCII. */
export function styleOf(coloured: boolean, unicode: boolean): Style {
  const sgr = (on: number, off: number) => (text: string): string => (coloured ? `\u001B[${on}m${text}\u001B[${off}m` : text);
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    good: sgr(32, 39),
    warn: sgr(33, 39),
    bad: sgr(31, 39),
    glyphs: unicode ? { full: '\u2588', empty: '\u2591', rule: '\u2500' } : { full: '#', empty: '.', rule: '-' },
  };
}
