import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Engine, Listener } from 'sluice-engine';
import { peer } from '../adapters/peer.ts';
import type { Command, ExitCode } from './command.ts';
import type { Event, Shell } from './event.ts';
import { failure } from './failure.ts';
import { interruption } from './interruption.ts';
import type { Given } from './option.ts';

/** `sluice up`. */
export const up: Command = {
  name: 'up',
  summary: 'Start a local AWS, and say how SDKs find it',
  about: [
    'AppConfig with staged deployments, its agent, Lambda, Step Functions, CloudWatch, EventBridge, S3, STS and SSM, on loopback only. Any credentials do.',
    'Ctrl-C ends it and leaves nothing behind.',
  ],
  options: [
    { type: 'port', name: 'port', value: 'N', default: '4566', summary: 'Where SDKs connect; 0 is any free port' },
    { type: 'port', name: 'agent-port', value: 'N', off: true, default: '2772', summary: 'Where the AppConfig agent answers, or off' },
    { type: 'text', name: 'seed', value: 'S', default: 'sluice', summary: 'Where ids and draws come from' },
    { type: 'choice', name: 'clock', value: 'C', choices: ['real', 'virtual'], default: 'real', summary: 'A virtual clock moves only as far as it is told' },
    { type: 'text', name: 'data', value: 'DIR', summary: 'Where code and large objects lie, and stay, in place of a temporary folder' },
    { type: 'text', name: 'probe', value: 'FILE', summary: 'What AWS was recorded to do by npm run probe:aws (default: SLUICE_PROBE)' },
  ],
  examples: [
    { line: 'sluice up', does: 'on port 4566, the agent on 2772' },
    { line: 'sluice up --port 0 --agent-port off', does: 'beside another one' },
  ],
  run,
};

async function run(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
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
export function shellOf(environment: Readonly<Record<string, string | undefined>>, platform: string): Shell {
  const shell = basename(environment['SHELL'] ?? '');
  if (shell === 'fish') return 'fish';
  return shell === 'pwsh' || (shell === '' && platform === 'win32') ? 'powershell' : 'sh';
}
