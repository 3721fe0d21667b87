/** How an agent works, as its environment variables say. */
export interface AgentOptions {
  /** Tells this agent's session from others': a sandbox, a listener. */
  readonly name: string;
  /** Milliseconds between polls. @default 45000 */
  readonly pollIntervalMs: number;
  /** Paths polled as soon as the agent starts. @default none */
  readonly prefetch: readonly string[];
  /** The port a process outside finds the agent on. @default 2772 */
  readonly port: number;
  /** Whose credentials the agent reads with. @default the account's administrator */
  readonly accessKeyId?: string;
}

/** An agent's environment that it cannot work with; the message holds code, value and remedy. */
export class AgentError extends Error {
  readonly code: string;

  constructor(code: string, problem: string, remedy: string) {
    super(`${code}: ${problem}; ${remedy}`);
    this.name = 'AgentError';
    this.code = code;
  }
}

const PREFIX = 'AWS_APPCONFIG_EXTENSION_';
const DEFAULT_PORT = 2772;
const DEFAULT_POLL_SECONDS = 45;

/** Variables that change what the agent serves, and that the engine does not follow. */
const REFUSED = ['BACKUP_DIRECTORY', 'LOCAL_DEVELOPMENT_DIRECTORY', 'MANIFEST', 'WAIT_ON_MANIFEST'] as const;

/**
 * An agent's options from its environment: AWS_APPCONFIG_EXTENSION_{HTTP_PORT, POLL_INTERVAL_SECONDS, PREFETCH_LIST}. Variables on
 * connections, credentials and logs (MAX_CONNECTIONS, POLL_TIMEOUT_MILLIS, SERVICE_REGION, ROLE_ARN, PROXY_…, LOG_…) have nothing to act
 * on in the engine. Throws AgentError for a value that is no number in range and for sources of configuration the engine has not.
 */
export function agentOptions(name: string, environment: Readonly<Record<string, string | undefined>>): AgentOptions {
  for (const refused of REFUSED) {
    if (environment[PREFIX + refused]) throw new AgentError('ENGINE-AGENT-1', `sluice-engine does not implement ${PREFIX}${refused}`, 'unset it');
  }
  return {
    name,
    pollIntervalMs: numberOf(environment, 'POLL_INTERVAL_SECONDS', DEFAULT_POLL_SECONDS, 1, 86_400) * 1000,
    prefetch: (environment[`${PREFIX}PREFETCH_LIST`] ?? '').split(',').map((path) => path.trim()).filter((path) => path !== ''),
    port: numberOf(environment, 'HTTP_PORT', DEFAULT_PORT, 0, 65_535),
    ...(environment['AWS_ACCESS_KEY_ID'] !== undefined && { accessKeyId: environment['AWS_ACCESS_KEY_ID'] }),
  };
}

function numberOf(environment: Readonly<Record<string, string | undefined>>, name: string, byDefault: number, least: number, most: number): number {
  const text = environment[PREFIX + name];
  if (text === undefined || text === '') return byDefault;
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new AgentError('ENGINE-AGENT-2', `${PREFIX}${name} must be a whole number from ${least} to ${most}, got ${text}`, `use ${byDefault}`);
}
