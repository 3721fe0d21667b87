import { Fault } from '../core/fault.ts';
import { looksOf, understand, type Looks } from './arguments.ts';
import type { ExitCode } from './command.ts';
import { COMMANDS } from './commands.ts';
import { exitCodeOf, failure } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';
import { PlainView, type View } from './views/plain.ts';
import { terminalOf, type Terminal } from './views/terminal.ts';
import { version } from './version.ts';

/** Runs a command line: answers the exit code when everything has been shown. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const looks = looksOf(argv);
  const terminal = terminalOf(looks, process);
  const view = new PlainView(terminal, looks.json);
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
    case 'run': {
      let shown: View = view;
      try {
        shown = await viewOf(looks, terminal);
        return await invocation.command.run(invocation.given, (event) => { shown.show(event); });
      } catch (error) {
        const failed = failure(error);
        shown.show(failed);
        return exitCodeOf(failed);
      }
    }
  }
}

/** The view of everything that a command may tell, loaded when one runs. */
async function viewOf(looks: Looks, terminal: Terminal): Promise<View> {
  if (looks.json) return new (await import('./views/json.ts')).JsonView(terminal);
  return new (await import('./views/human.ts')).HumanView(terminal);
}
