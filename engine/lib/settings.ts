/** Where sources disagree or are silent about AWS, the engine has a setting; its default is what was recorded or is likeliest. */
export interface Settings {
  readonly appconfig: {
    /** When LINEAR growth takes its steps: AWS's published log, its user guide's table, or its API reference. @default 'observed' */
    readonly linearSteps: 'observed' | 'guide' | 'api-reference';
    /** The same for EXPONENTIAL growth. @default as linearSteps */
    readonly exponentialSteps: 'observed' | 'guide' | 'api-reference';
    /** How long a synchronous extension may take, in milliseconds. @default 3000 */
    readonly extensionDeadlineMs: number;
    /** How long an AT_DEPLOYMENT_TICK extension may take, in milliseconds. @default as extensionDeadlineMs */
    readonly tickDeadlineMs: number;
    /** How long a Lambda validator may take, in milliseconds. @default 15000 */
    readonly validatorDeadlineMs: number;
    /** The interval of AT_DEPLOYMENT_TICK and of looks at the monitors, in milliseconds. @default 60000 */
    readonly tickMs: number;
    /** How late AppConfig's worker moves a deployment, in milliseconds; recorded as about 5 s for instant growth. @default 5000 */
    readonly workerLagMs: number;
    /** How much later than the control plane the data plane and the agents see a deployment start, move, end or be taken back, in milliseconds; recorded as about 1 s. @default 0 */
    readonly dataLagMs: number;
    /** Whether a monitor in INSUFFICIENT_DATA rolls back, as one in ALARM does. @default true */
    readonly insufficientDataRollsBack: boolean;
    /** A second use of a configuration token is refused, as documented; AWS was recorded to accept it. @default false */
    readonly strictTokens: boolean;
    /** Whether a Lambda validator's policy sees the profile as SourceArn, as documented. @default true */
    readonly validatorSourceArn: boolean;
    /** Whether the role of an extension sees the association as SourceArn. @default true */
    readonly extensionSourceArn: boolean;
  };
  readonly cloudformation: {
    /** Virtual time runs while a stack operation is under way, as callers outside that only poll expect; otherwise whoever drives the clock moves it. @default true */
    readonly runsTime: boolean;
  };
  readonly iam: {
    /** Roles that exist in IAM are held to their policies; `strict` denies everything to those that do not, `off` allows everybody everything. @default 'roles' */
    readonly enforce: 'roles' | 'strict' | 'off';
  };
  readonly states: {
    /** How long reads of an alias stay stale after an update, in milliseconds; recorded between 0.1 s and 1.4 s. @default 0 */
    readonly aliasLagMs: number;
    /** How long a deleted machine that runs nothing stays in DELETING, in milliseconds. @default 1000 */
    readonly deletionLagMs: number;
    /** Bytes of finished executions' histories that are kept, as they are estimated; of older ones GetExecutionHistory says that they were dropped. @default 268435456 */
    readonly historyBytes: number;
  };
  readonly s3: {
    /** Bytes of objects kept in memory; what goes beyond lies in the engine's folder. @default 268435456 */
    readonly memoryBytes: number;
  };
  readonly lambda: {
    /** Sandboxes at most; beyond them Lambda throttles. @default 32 */
    readonly sandboxes: number;
    /** Wall time of one turn in a sandbox after which the run is aborted by name, in milliseconds. @default 10000 */
    readonly turnLimitMs: number;
    /** Random real delays injected between threads, at most this many milliseconds; for tests of determinism. @default 0 */
    readonly jitterMs: number;
  };
}

/** Settings with some given. */
export type SettingsGiven = { readonly [Part in keyof Settings]?: Partial<Settings[Part]> };

/** The defaults, with what is given laid over them. */
export function settingsOf(given: SettingsGiven = {}): Settings {
  return {
    appconfig: {
      linearSteps: 'observed',
      exponentialSteps: given.appconfig?.linearSteps ?? 'observed',
      extensionDeadlineMs: 3000,
      tickDeadlineMs: given.appconfig?.extensionDeadlineMs ?? 3000,
      validatorDeadlineMs: 15_000,
      tickMs: 60_000,
      workerLagMs: 5000,
      dataLagMs: 0,
      insufficientDataRollsBack: true,
      strictTokens: false,
      validatorSourceArn: true,
      extensionSourceArn: true,
      ...given.appconfig,
    },
    cloudformation: { runsTime: true, ...given.cloudformation },
    states: { aliasLagMs: 0, deletionLagMs: 1000, historyBytes: 256 * 1024 * 1024, ...given.states },
    iam: { enforce: 'roles', ...given.iam },
    s3: { memoryBytes: 256 * 1024 * 1024, ...given.s3 },
    lambda: { sandboxes: 32, turnLimitMs: 10_000, jitterMs: 0, ...given.lambda },
  };
}
