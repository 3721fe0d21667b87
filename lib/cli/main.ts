import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../core/fault.ts';
import { packageRoot } from '../rehearsal/assets.ts';
import { looksOf, understand } from './arguments.ts';
import type { ExitCode } from './command.ts';
import { COMMANDS } from './commands.ts';
import { failure } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';
import { HumanView } from './views/human.ts';
import { JsonView } from './views/json.ts';
import { terminalOf } from './views/terminal.ts';

/** Runs a command line: answers the exit code when everything has been shown. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const looks = looksOf(argv);
  const terminal = terminalOf(looks, process);
  const view = looks.json ? new JsonView(terminal) : new HumanView(terminal);
  const invocation = understand(argv, COMMANDS);
  if (invocation instanceof Fault) {
    view.show(failure(invocation));
    return 2;
  }
  switch (invocation.kind) {
    case 'version':
      view.show({ kind: 'version', version: version() });
      return 0;
    case 'help':
      view.show({ kind: 'help', text: invocation.command === undefined ? generalHelp(COMMANDS) : commandHelp(invocation.command), asked: invocation.asked });
      return invocation.asked ? 0 : 2;
    case 'run':
      try {
        return await invocation.command.run(invocation.given, (event) => { view.show(event); });
      } catch (error) {
        view.show(failure(error));
        return 1;
      }
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}
