import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine, type Engine, type SettingsGiven } from 'sluice-engine';
import { vi } from 'vitest';
import { main } from '../../tools/probe/main.ts';
import type { ProbeRecord } from '../../tools/probe/record.ts';

/** What a command line of the probe did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Undefined when none was written. */
  readonly record: ProbeRecord | undefined;
}

/** An engine with a virtual clock, and the probe's command line beside it. */
export class Rig implements AsyncDisposable {
  readonly engine: Engine;
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'sluice-probe-'));

  private constructor(engine: Engine) {
    this.engine = engine;
  }

  static async open(settings: SettingsGiven = {}): Promise<Rig> {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDPROBE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'probe');
    return new Rig(await startEngine({ clock: 'virtual', settings }));
  }

  /** Runs a command line; `heard` is told each line of progress. */
  async run(args: readonly string[], heard: (line: string) => void = () => undefined, signal: AbortSignal = new AbortController().signal): Promise<Ran> {
    const file = join(this.#folder, 'record.json');
    rmSync(file, { force: true });
    let [out, err] = ['', ''];
    const streams = { out: (text: string) => { out += text; }, err: (text: string) => { err += text; heard(text); } };
    const code = await main([...args, '--out', file], { AWS_ENDPOINT_URL: this.engine.endpoint }, streams, signal);
    let record: ProbeRecord | undefined;
    try {
      record = JSON.parse(readFileSync(file, 'utf8')) as ProbeRecord;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return { code, out, err, record };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    await this.engine.close();
  }
}

/** The facts of a probe that was recorded. */
export function factsOf(record: ProbeRecord | undefined, probe: string): Readonly<Record<string, unknown>> {
  const outcome = record?.probes[probe];
  if (outcome?.outcome !== 'recorded') throw new Error(`${probe} was not recorded: ${JSON.stringify(outcome)}`);
  return outcome.facts;
}
