import type { Event } from '../event.ts';
import { plainObject, type View } from './plain.ts';
import { reportObject } from './reports.ts';
import type { Terminal } from './terminal.ts';

/** For scripts: exactly one JSON object on stdout, whatever happens, and one more each time a command begins again; what comes after it goes to stderr. */
export class JsonView implements View {
  readonly #terminal: Terminal;
  #printed = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(event: Event): void {
    if (event.kind === 'again') this.#printed = false;
    const object = objectOf(event);
    if (object !== undefined && !this.#printed) {
      this.#printed = true;
      this.#terminal.out(JSON.stringify(object));
    } else if (event.kind === 'failed') {
      this.#terminal.err(event.message);
    } else if (event.kind === 'scene' && event.scene.kind === 'release' && this.#terminal.watched) {
      this.#terminal.err(`release ${event.scene.release}: ${event.scene.title}`);
    }
  }
}

function objectOf(event: Event): object | undefined {
  switch (event.kind) {
    case 'opening':
    case 'scene':
    case 'ending':
      return undefined;
    case 'again':
      return undefined;
    case 'help':
    case 'version':
    case 'failed':
      return plainObject(event);
    case 'left':
      return { interrupted: true, underWay: event.underWay };
    case 'finished':
      return { ...event.result, wallSeconds: event.wallSeconds };
    case 'listening': {
      const { endpoint, agent, clock, seed, environment } = event;
      return { endpoint, agent: agent ?? null, clock, seed, environment };
    }
    case 'begun': {
      const { application, files } = event;
      return { application, files };
    }
    case 'typed': {
      const { application, text, file, changed } = event;
      return file === undefined ? { application, text } : { application, file, changed };
    }
    case 'composed': {
      const { documents, digest, bytes } = event;
      return { valid: true, digest, bytes, documents };
    }
    case 'assembled':
      return { valid: true, targets: event.targets };
    case 'explained': {
      const { last, ticks, blind, rulesNow, differences } = event;
      return { ...last, ticks, ticksBlind: blind, ...(rulesNow === undefined ? {} : { rulesNow }), ...(differences === undefined ? {} : { replay: { same: differences.length === 0, differences } }) };
    }
    case 'faulty':
      return { valid: false, faults: event.faults.map(({ code, message, remedy, place, file }) => ({ code, message, remedy, ...(file === undefined ? place : { path: file }) })) };
    case 'report':
      return reportObject(event.report);
  }
}
