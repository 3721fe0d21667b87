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

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => `    ${command.name}) words='${optionsOf(command).map(({ name }) => `--${name}`).join(' ')}' ;;`);
  return [
    '_sluice() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} words=',
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    '  esac',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words='${commands.map(({ name }) => name).join(' ')} help'; fi`,
    '  if [ "$COMP_CWORD" -eq 1 ] || [[ $current == -* ]]; then',
    '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  fi',
    '}',
    'complete -o bashdefault -o default -F _sluice sluice',
  ].join('\n');
}

function zsh(commands: readonly Command[]): string {
  const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
  const value = (option: Option): string => (option.type === 'flag' ? '' : `${standsAlone(option) ? ':' : ''}:${option.value}:_files`);
  const specification = (option: Option): string => `'--${option.name}${option.type !== 'flag' && standsAlone(option) ? '=-' : ''}[${quoted(option.summary).replaceAll(/[[\]]/g, '\\$&')}]${value(option)}'`;
  return [
    '#compdef sluice',
    '_sluice() {',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`),
    '  )',
    "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
    '  case $words[2] in',
    ...commands.map((command) => `    ${command.name}) _arguments '*:file:_files' ${optionsOf(command).map(specification).join(' ')} ;;`),
    '  esac',
    '}',
    'compdef _sluice sluice',
  ].join('\n');
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return commands.flatMap((command) => [
    `complete -c sluice -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
    ...optionsOf(command).map((option) => `complete -c sluice -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)} -l ${option.name}${standsAlone(option) ? '' : ' -r'} -d ${quoted(option.summary)}`),
  ]).join('\n');
}
