import type { Event, Failure } from '../event.ts';
import { wrap } from './layout.ts';
import { harmless, type Terminal } from './terminal.ts';

/** What shows a command's events. */
export interface View {
  show(event: Event): void;
}

/** Shows what every command line may come to: help, the version, and a failure. Nothing else is loaded for it. */
export class PlainView implements View {
  readonly #terminal: Terminal;
  readonly #json: boolean;

  constructor(terminal: Terminal, json = false) {
    this.#terminal = terminal;
    this.#json = json;
  }

  show(event: Event): void {
    const { out, err, style, watched } = this.#terminal;
    const object = plainObject(event);
    if (object === undefined) throw new Error(`nothing shows ${event.kind}`);
    if (this.#json) return out(JSON.stringify(object));
    switch (event.kind) {
      case 'help': return event.asked ? out(event.text) : err(event.text);
      case 'version': return out(event.version);
      case 'failed': return err(harmless(failureLines(event, style.bad('error'), watched).join('\n')));
      default: return undefined;
    }
  }
}

/** What every command line may come to, for scripts; nothing for all else. */
export function plainObject(event: Event): object | undefined {
  switch (event.kind) {
    case 'help': return { help: event.text };
    case 'version': return { version: event.version };
    case 'failed': return { error: errorOf(event) };
    default: return undefined;
  }
}

function errorOf({ code, message, hint, trace }: Failure): object {
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(trace === undefined ? {} : { trace }) };
}

/** On a terminal an error is broken between words; elsewhere it is one line, to be found. */
function failureLines({ message, hint, trace }: Failure, mark: string, watched: boolean): string[] {
  const [first = '', ...more] = watched ? wrap(`error: ${message}`) : [`error: ${message}`];
  return [first.replace('error', () => mark), ...more, ...(hint === undefined ? [] : [`try: ${hint}`]), ...(trace === undefined ? [] : [trace])];
}
