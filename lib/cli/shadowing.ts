import { unplayable, type PlayedCall } from 'sluice-engine';
import type { ExecutionsRecorded, PastExecution } from '../adapters/evidence/executionsRecorded.ts';
import type { Functions } from '../adapters/functions.ts';
import { isObject } from '../core/epoch.ts';
import { fault } from '../core/fault.ts';
import { SHADOWING } from '../core/faults/shadowing.ts';
import { concluded, pureStates, type Candidate, type Compared, type Recording, type ShadowRecord } from '../core/shadow/index.ts';
import { recordingFrom, rerun, shadowed, type RunAnswer, type ShadowCandidate } from '../rehearsal/shadow.ts';

/** How many executions are read and played at once. */
const AT_ONCE = 4;

/** What is to be played. */
export interface ShadowOrder extends Required<Pick<ShadowCandidate, 'run'>> {
  /** States that are pure beside those that their definition says are. */
  readonly pure: readonly string[];
  readonly recorded: ExecutionsRecorded;
  readonly candidate: Candidate;
  readonly most: number;
}

/** What came of it. */
type Played = Omit<ShadowRecord, 'sluice' | 'workflow' | 'candidate' | 'judgedAt'>;

/** Plays the newest executions of a workflow with a candidate. @throws Fault `SLUICE-SHADOW-1` when it cannot be played */
export async function play({ recorded, candidate, pure, run, most }: ShadowOrder, workflow: string): Promise<Played> {
  const definition = candidate.kind === 'version' ? await recorded.definition(candidate.arn) : undefined;
  const problem = definition === undefined ? undefined : unplayableIn(definition);
  if (problem !== undefined) throw fault(SHADOWING, 'SLUICE-SHADOW-1', { what: candidate.kind === 'version' ? candidate.arn : '', problem });
  const as: ShadowCandidate = { run, ...(definition === undefined ? {} : { definition }), ...(candidate.kind === 'epoch' ? { epoch: { version: candidate.version, digest: candidate.digest } } : {}) };
  const compared: Compared[] = [];
  const began: number[] = [];
  const skipped: Record<string, number> = {};
  const ran = new Set<string>();
  const queue = await recorded.recent(workflow, most);
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const recording = await recordingOf(recorded, next, candidate);
      if (typeof recording === 'string') {
        skipped[recording] = (skipped[recording] ?? 0) + 1;
        continue;
      }
      began.push(recording.startedAt);
      const named = [...pure, ...pureStates(definition ?? recording.definition)];
      for (const state of named) ran.add(state);
      compared.push(await shadowed(await rerun(recording), { ...as, pure: new Set(named) }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const at = (time: number): string | null => (began.length === 0 ? null : new Date(time).toISOString());
  compared.sort((one, other) => (one.execution < other.execution ? -1 : 1));
  return { ...concluded(compared), from: at(Math.min(...began)), to: at(Math.max(...began)), skipped, pure: [...ran].sort() };
}

async function recordingOf(recorded: ExecutionsRecorded, execution: PastExecution, candidate: Candidate): Promise<Recording | string> {
  if (execution.status === 'RUNNING') return 'it has not ended';
  if (candidate.kind === 'version' && execution.version === candidate.arn) return 'it ran on the candidate';
  const definition = await recorded.definitionOf(execution);
  const problem = unplayableIn(definition);
  if (problem !== undefined) return `its definition cannot be played: ${problem}`;
  return recordingFrom({ execution: execution.arn, stateMachine: execution.stateMachine, definition }, await recorded.history(execution));
}

/** What keeps a definition from being played, in words; nothing when nothing does. */
function unplayableIn(definition: string): string | undefined {
  const problems = unplayable(definition);
  return problems.length === 0 ? undefined : problems.join('; ');
}

/** Runs the functions of pure states in AWS. */
export function pureRunner(functions: Pick<Functions, 'call'>): (call: PlayedCall) => Promise<RunAnswer> {
  return async ({ state, resource, input }) => {
    if (/^arn:[\w-]+:lambda:/.test(resource)) return functions.call(resource, input);
    const parameters: unknown = JSON.parse(input);
    if (!resource.endsWith(':lambda:invoke') || !isObject(parameters) || typeof parameters['FunctionName'] !== 'string') throw fault(SHADOWING, 'SLUICE-SHADOW-5', { state, resource });
    const { FunctionName: name, Qualifier: qualifier, Payload: payload = {} } = parameters;
    const answer = await functions.call(typeof qualifier === 'string' ? `${name}:${qualifier}` : name, JSON.stringify(payload));
    return 'output' in answer ? { output: JSON.stringify({ ExecutedVersion: '$LATEST', Payload: JSON.parse(answer.output) as unknown, StatusCode: 200 }) } : answer;
  };
}
