/** A stack as it stands after its deployment. */
export interface DeployedStack {
  readonly name: string;
  readonly id: string;
  /** CREATE_COMPLETE or UPDATE_COMPLETE. */
  readonly status: string;
  /** Values by key. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical id. */
  readonly resources: Readonly<Record<string, string>>;
}

/** Why an assembly could not be deployed; the message holds the code, the value and the remedy. */
export class AssemblyError extends Error {
  readonly code: string;
  readonly value: string;

  constructor(code: string, value: string, problem: string) {
    super(`${code}: ${problem}`);
    this.name = 'AssemblyError';
    this.code = code;
    this.value = value;
  }
}
