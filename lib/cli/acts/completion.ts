import { fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { EVERYWHERE } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';
import type { Event } from '../event.ts';
import { standsAlone, type Given, type Option } from '../option.ts';

const SCRIPTS: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash, zsh, fish };

/** Prints the completion of a shell. */
export async function completion(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const [shell = ''] = given.positionals;
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: 'the shell', expected: Object.keys(SCRIPTS).join(', '), got: shell, command: 'sluice completion' });
  const { COMMANDS } = await import('../commands.ts');
  tell({ kind: 'report', report: { kind: 'script', shell, text: script(COMMANDS) } });
  return 0;
}

function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...EVERYWHERE];
}

/** The words that the first argument of a command may be; none when it may be any. */
function wordsOf({ arguments: [first] = [] }: Command): readonly string[] {
  return first?.words ?? [];
}

function bash(commands: readonly Command[]): string {
  const choices = commands.flatMap((command) => optionsOf(command).flatMap((option) => (option.type === 'choice' ? [`    '${command.name} --${option.name}') COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$current")); return ;;`] : [])));
  const cases = commands.map((command) => `    ${command.name}) words='${optionsOf(command).map(({ name }) => `--${name}`).join(' ')}' first='${wordsOf(command).join(' ')}' ;;`);
  return [
    '_sluice() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} words= first=',
    '  case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}" in',
    ...choices,
    '  esac',
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    '  esac',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words='${commands.map(({ name }) => name).join(' ')} help'; fi`,
    '  if [ "$COMP_CWORD" -eq 2 ] && [[ $current != -* ]]; then words=$first; fi',
    '  if [ "$COMP_CWORD" -le 2 ] || [[ $current == -* ]]; then',
    '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  fi',
    '}',
    'complete -o bashdefault -o default -F _sluice sluice',
  ].join('\n');
}

function zsh(commands: readonly Command[]): string {
  const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
  const value = (option: Option): string => (option.type === 'flag' ? '' : `${standsAlone(option) ? ':' : ''}:${option.value}:${option.type === 'choice' ? `(${option.choices.join(' ')})` : '_files'}`);
  const specification = (option: Option): string => `'--${option.name}${option.type !== 'flag' && standsAlone(option) ? '=-' : ''}[${quoted(option.summary).replaceAll(/[[\]]/g, '\\$&')}]${value(option)}'`;
  const first = (command: Command): string => (wordsOf(command).length === 0 ? '' : `'1:${command.arguments?.[0]?.name ?? ''}:(${wordsOf(command).join(' ')})' `);
  return [
    '#compdef sluice',
    '_sluice() {',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`),
    '  )',
    "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
    '  shift words; (( CURRENT-- ))',
    '  case $words[1] in',
    ...commands.map((command) => `    ${command.name}) _arguments ${first(command)}'*:file:_files' ${optionsOf(command).map(specification).join(' ')} ;;`),
    '  esac',
    '}',
    'compdef _sluice sluice',
  ].join('\n');
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return commands.flatMap((command) => {
    const here = `complete -c sluice -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const value = (option: Option): string => (option.type === 'choice' ? ` -x -a ${quoted(option.choices.join(' '))}` : standsAlone(option) ? '' : ' -r');
    return [
      `complete -c sluice -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
      ...(wordsOf(command).length === 0 ? [] : [`${here} -f -a ${quoted(wordsOf(command).join(' '))}`]),
      ...optionsOf(command).map((option) => `${here} -l ${option.name}${value(option)} -d ${quoted(option.summary)}`),
    ];
  }).join('\n');
}
