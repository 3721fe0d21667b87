import { Fault, fault } from '../core/fault.ts';
import { COMMANDING } from '../core/faults/commanding.ts';
import type { ExitCode } from './command.ts';
import type { Failure } from './event.ts';

/** Codes of what is wrong with a command line; some of it only the command itself can tell. */
const MISUSE: readonly string[] = ['SLUICE-CLI-1', 'SLUICE-CLI-2', 'SLUICE-CLI-3', 'SLUICE-CLI-4', 'SLUICE-CLI-5', 'SLUICE-CLI-8'];

/** How a command ends that failed: 2 when its command line was wrong, 1 otherwise. */
export function exitCodeOf({ code }: Failure): ExitCode {
  return MISUSE.includes(code) ? 2 : 1;
}

/** A thrown error as it is told: faults as they are, refusals of the system by `SLUICE-CLI-6`, and the rest as a defect with its trace. */
export function failure(error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  // Faults of Sluice and of the engine carry their code, value and remedy in the message.
  if (error instanceof Error && code !== undefined && /^(SLUICE|ENGINE)-/.test(code) && message.startsWith(`${code}: `)) return { kind: 'failed', code, message };
  const told = faultOf(error);
  const trace = told.code === 'SLUICE-CLI-7' && error instanceof Error ? { trace: traceOf(error, error.stack ?? '') } : {};
  return { kind: 'failed', code: told.code, message: told.message, ...trace };
}

/** A thrown error as a fault, with its remedy. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (!(error instanceof Error)) return faultOf(new Error(String(error)));
  const { message, syscall } = error as NodeJS.ErrnoException;
  const refusal = refusalOfAws(error);
  if (refusal !== undefined) return refusal;
  return syscall === undefined ? fault(COMMANDING, 'SLUICE-CLI-7', { problem: message }) : fault(COMMANDING, 'SLUICE-CLI-6', { problem: message });
}

/** What AWS or its SDK says of who calls: no credentials, no region, no permission, or too often. Nothing for any other error. */
function refusalOfAws(error: Error): Fault | undefined {
  const problem = error.message.replaceAll(/\s+/g, ' ');
  if (error.name === 'CredentialsProviderError' || /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch)/.test(error.name)) return fault(COMMANDING, 'SLUICE-AWS-1', { problem });
  if (/Region is missing/.test(problem)) return fault(COMMANDING, 'SLUICE-AWS-2', { problem });
  if (/^(AccessDenied|Forbidden)/.test(error.name)) return fault(COMMANDING, 'SLUICE-AWS-3', { problem });
  if ('$metadata' in error) return fault(COMMANDING, 'SLUICE-AWS-4', { name: error.name, problem });
  return undefined;
}

/** The stack, and those of its causes. */
function traceOf(error: unknown, stack: string): string {
  const { cause } = error as Error;
  return cause instanceof Error && cause.stack !== undefined ? `${stack}\ncaused by ${traceOf(cause, cause.stack)}` : stack;
}
