import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Engine, Listener } from 'sluice-engine';
import { peer } from '../../adapters/peer.ts';
import type { ExitCode } from '../command.ts';
import type { Event, Shell } from '../event.ts';
import { failure } from '../failure.ts';
import { interruption } from '../interruption.ts';
import type { Given } from '../option.ts';

/** Runs an engine until it is interrupted. */
export async function up(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const { settingsFrom, startEngine } = await peer('sluice-engine', () => import('sluice-engine'));
  const data = given.text('data');
  const record = given.text('probe') ?? process.env['SLUICE_PROBE'] ?? '';
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => { interrupt = resolve; });
  const stop = interruption(interrupt);
  let engine: Engine | undefined;
  try {
    engine = await startEngine({
      port: Number(given.required('port')),
      seed: given.required('seed'),
      clock: given.required('clock') === 'virtual' ? 'virtual' : 'real',
      ...(data === undefined ? {} : { dataFolder: data }),
      ...(record === '' ? {} : { settings: settingsFrom(readFileSync(record, 'utf8')) }),
      // One defect is no reason to end what somebody works with.
      report: (error) => { tell(failure(error)); },
    }).catch((error: unknown) => refuse(error, 'sluice up --port 0', tell));
    const agent = engine && await agentOf(engine, given.required('agent-port')).catch((error: unknown) => refuse(error, 'sluice up --agent-port off', tell));
    if (engine === undefined || agent === undefined) return 1;
    tell({ kind: 'listening', endpoint: engine.endpoint, ...(agent === 'off' ? {} : { agent: agent.url }), clock: engine.clock.mode, seed: engine.seed, environment: environmentOf(engine), shell: shellOf(process.env, process.platform) });
    await interrupted;
    tell({ kind: 'ending' });
  } finally {
    await engine?.close();
    stop();
  }
  return 0;
}

async function agentOf(engine: Engine, port: string): Promise<Listener | 'off'> {
  return port === 'off' ? 'off' : await engine.serveAgent({ AWS_APPCONFIG_EXTENSION_HTTP_PORT: port });
}

/** A port that cannot be opened is an expected refusal, told with the command line that avoids it; anything else is thrown on. */
function refuse(error: unknown, hint: string, tell: (event: Event) => void): undefined {
  const told = failure(error);
  if (!told.code.startsWith('ENGINE-PORT-')) throw error;
  tell({ ...told, hint });
  return undefined;
}

/** What SDKs and the AWS CLI need to find the engine; credentials must be there, and any do. */
function environmentOf(engine: Engine): Record<string, string> {
  return { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'sluice', AWS_SECRET_ACCESS_KEY: 'sluice' };
}

/** The user's shell, as far as exporting differs. */
function shellOf(environment: Readonly<Record<string, string | undefined>>, platform: string): Shell {
  const shell = basename(environment['SHELL'] ?? '');
  if (shell === 'fish') return 'fish';
  return shell === 'pwsh' || (shell === '' && platform === 'win32') ? 'powershell' : 'sh';
}
