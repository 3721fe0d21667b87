import { EVERYWHERE } from './arguments.ts';
import type { Command } from './command.ts';
import { standsAlone, type Option } from './option.ts';
import { columns, wrap } from './views/layout.ts';

/** The help of all commands. */
export function generalHelp(commands: readonly Command[]): string {
  return [
    'Sluice rolls out the configuration of running workflows on AWS AppConfig step by',
    'step, and takes a bad change back by itself.',
    '',
    'Usage: sluice <command> [options]',
    '',
    'Commands:',
    ...columns(commands.map((command) => [usage(command), command.summary])),
    '',
    'Options:',
    ...columns([...EVERYWHERE.map(row), ['--version', 'Show the version']]),
    '',
    'Begin with:',
    '  sluice demo',
    '',
    'Help of one command: sluice <command> --help. Exit codes: 0 as asked, 1 refused',
    'or failed, 2 a wrong command line.',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { summary, about, options, examples } = command;
  return [
    `${summary}.`,
    '',
    `Usage: sluice ${usage(command)} [options]`,
    '',
    ...about.flatMap((paragraph) => [...wrap(paragraph), '']),
    'Options:',
    ...columns([...options, ...EVERYWHERE].map(row)),
    '',
    examples.length > 1 ? 'Examples:' : 'Example:',
    ...columns(examples.map(({ line, does }) => [line, does])),
  ].join('\n');
}

function row(option: Option): [string, string] {
  const name = option.name === 'help' ? '-h, --help' : `--${option.name}`;
  const byDefault = 'default' in option && option.default !== undefined ? ` (default: ${option.default})` : '';
  switch (option.type) {
    case 'flag': return [name, option.summary];
    case 'choice': return [`${name} ${option.value}`, `${option.summary}: ${option.choices.join(' or ')}${byDefault}`];
    default: return [standsAlone(option) ? `${name}[=${option.value}]` : `${name} ${option.value}`, `${option.summary}${byDefault}`];
  }
}

function usage({ name, arguments: taken = [] }: Command): string {
  return [name, ...taken.map((one) => (one.optional ? `[${one.name}]` : `<${one.name}>`))].join(' ');
}
