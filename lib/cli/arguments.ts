import { parseArgs } from 'node:util';
import { fault, type Fault } from '../core/fault.ts';
import { COMMANDING } from '../core/faults/commanding.ts';
import { closest } from '../documents/likeness.ts';
import type { Command } from './command.ts';
import { Given, objection, standsAlone, type Option } from './option.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'version' }
  /** `asked` is false when there was no command at all. */
  | { readonly kind: 'help'; readonly command?: Command; readonly asked: boolean }
  | { readonly kind: 'run'; readonly command: Command; readonly given: Given };

/** Options every command has. */
export const EVERYWHERE: readonly Option[] = [
  { type: 'flag', name: 'json', summary: 'Print one JSON object instead of text' },
  { type: 'flag', name: 'ascii', summary: 'Print no other characters than ASCII' },
  { type: 'flag', name: 'no-color', summary: 'Print without colour, as NO_COLOR=1 does' },
  { type: 'flag', name: 'help', summary: 'Show this help' },
];

/** How the answer is to look, whether or not the rest of the command line can be understood. */
export interface Looks {
  readonly json: boolean;
  readonly ascii: boolean;
  readonly noColor: boolean;
}

/** Reads how the answer is to look from a whole command line. */
export function looksOf(argv: readonly string[]): Looks {
  const ends = argv.indexOf('--');
  const said = new Set(ends < 0 ? argv : argv.slice(0, ends));
  return { json: said.has('--json'), ascii: said.has('--ascii'), noColor: said.has('--no-color') };
}

/** Understands a command line, or answers the fault that says what is wrong with it (`SLUICE-CLI-1` to `-5`, `-8`). */
export function understand(argv: readonly string[], commands: readonly Command[]): Invocation | Fault {
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const options = at < 0 ? argv : argv.slice(0, at);
  if (options.some((word) => word === '--version' || word === '-v')) return { kind: 'version' };
  const stray = options.find((word) => !['-h', ...EVERYWHERE.map(({ name }) => `--${name}`)].includes(word));
  if (stray !== undefined) return unknownOption('sluice', stray, ['version', ...EVERYWHERE.map(({ name }) => name)]);
  const name = argv[at];
  if (name === undefined) return { kind: 'help', asked: options.includes('--help') || options.includes('-h') };
  if (name === 'help') return helpOf(argv[at + 1], commands);
  const command = commands.find((one) => one.name === name);
  return command === undefined ? unknownCommand(name, commands) : invocation(command, argv.toSpliced(at, 1));
}

function helpOf(name: string | undefined, commands: readonly Command[]): Invocation | Fault {
  if (name === undefined) return { kind: 'help', asked: true };
  const command = commands.find((one) => one.name === name);
  return command === undefined ? unknownCommand(name, commands) : { kind: 'help', command, asked: true };
}

function invocation(command: Command, words: readonly string[]): Invocation | Fault {
  const options = [...command.options, ...EVERYWHERE];
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(options.map((option) => [option.name, { type: standsAlone(option) ? 'boolean' as const : 'string' as const, ...(option.name === 'help' ? { short: 'h' } : {}) }])),
  });
  const values = new Map<string, string | boolean>(options.flatMap((option) => ('default' in option ? [[option.name, option.default]] : [])));
  const positionals: string[] = [];
  const given = new Map<string, string>();
  let wrong: Fault | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.find(({ name }) => name === token.name);
    if (option === undefined) wrong ??= unknownOption(`sluice ${command.name}`, token.rawName, options.map(({ name }) => name));
    else wrong ??= mismatch(command, option, token.value) ?? again(option, given.get(token.name), token.value);
    if (token.value !== undefined) given.set(token.name, token.value);
    values.set(token.name, token.value ?? true);
  }
  if (values.get('help') === true) return { kind: 'help', command, asked: true };
  wrong ??= misplaced(command, positionals);
  return wrong ?? { kind: 'run', command, given: new Given(positionals, values) };
}

/** What is wrong with an option's value. */
function mismatch(command: Command, option: Option, value: string | undefined): Fault | undefined {
  const wrong = (expected: string, got: string): Fault => fault(COMMANDING, 'SLUICE-CLI-3', { option: `--${option.name}`, expected, got, command: `sluice ${command.name}` });
  if (option.type === 'flag') return value === undefined ? undefined : wrong('given without a value', value);
  if (value === undefined && standsAlone(option)) return undefined;
  // The next option is no value: `--seed --json` forgot one.
  const missing = value === undefined || value.startsWith('--');
  if (missing || value === '') return wrong(`followed by its value, ${option.value}`, 'nothing');
  const expected = objection(option, value);
  return expected === undefined ? undefined : wrong(expected, value);
}

/** A value that another one of the same option would hide. */
function again({ name }: Option, first: string | undefined, second: string | undefined): Fault | undefined {
  return first === undefined || second === undefined ? undefined : fault(COMMANDING, 'SLUICE-CLI-8', { option: `--${name}`, first, second });
}

function misplaced(command: Command, positionals: readonly string[]): Fault | undefined {
  const taken = command.arguments ?? [];
  const extra = positionals[taken.length];
  if (extra !== undefined) return fault(COMMANDING, 'SLUICE-CLI-5', { command: `sluice ${command.name}`, got: extra });
  // A script's variable that is not set makes an empty argument: that is no choice of the default.
  const empty = taken.find((_, at) => positionals[at] === '');
  const missing = empty ?? taken[positionals.length];
  if (missing === undefined || (empty === undefined && missing.optional)) return undefined;
  return fault(COMMANDING, 'SLUICE-CLI-4', { command: `sluice ${command.name}`, argument: missing.summary, example: command.examples[0]?.line ?? `sluice ${command.name}` });
}

function unknownCommand(got: string, commands: readonly Command[]): Fault {
  const meant = closest(got, commands.map(({ name }) => name));
  const remedy = meant === undefined ? `use one of ${commands.map(({ name }) => name).join(', ')}` : `did you mean sluice ${meant}?`;
  return fault(COMMANDING, 'SLUICE-CLI-1', { got: got === '' ? '""' : got, remedy });
}

function unknownOption(command: string, got: string, names: readonly string[]): Fault {
  const meant = closest(got.replace(/^-+/, '').replace(/=.*$/, ''), names);
  return fault(COMMANDING, 'SLUICE-CLI-2', { command, got, remedy: meant === undefined ? `see ${command} --help` : `did you mean --${meant}?` });
}
