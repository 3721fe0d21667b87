import type { Listening, Shell } from '../event.ts';
import type { Style } from './terminal.ts';

/** Where an engine answers, and the lines that make SDKs ask it. */
export function endpointLines(event: Listening, style: Style): string[] {
  const { endpoint, agent, clock, seed, environment, shell } = event;
  return [
    `A local AWS answers at ${style.bold(endpoint)} (${clock} clock, seed ${seed}).`,
    ...(agent === undefined ? [] : [`Its AppConfig agent answers at ${style.bold(agent)}.`]),
    '',
    'In the shell that is to use it:',
    '',
    ...Object.entries(environment).map(([name, value]) => `  ${exported(shell, name, value)}`),
    '',
    ...(clock === 'virtual' ? ['One minute passes by:', '', `  curl -X POST '${endpoint}/_engine/clock?advance=60000'`, ''] : []),
    'Ctrl-C ends it and leaves nothing behind.',
  ];
}

function exported(shell: Shell, name: string, value: string): string {
  switch (shell) {
    case 'sh': return `export ${name}=${value}`;
    case 'fish': return `set -gx ${name} ${value}`;
    case 'powershell': return `$env:${name} = '${value}'`;
  }
}
