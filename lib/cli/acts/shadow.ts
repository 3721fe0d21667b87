import { ExecutionsRecorded, type PastExecution } from '../../adapters/evidence/executionsRecorded.ts';
import { Functions } from '../../adapters/functions.ts';
import { digestOf } from '../../core/digest.ts';
import { fault } from '../../core/fault.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { SHADOWING } from '../../core/faults/shadowing.ts';
import type { EpochReference } from '../../core/record.ts';
import { concluded, pureStates, type Candidate, type Compared, type Recording, type ShadowRecord } from '../../core/shadow/index.ts';
import { recordingFrom, rerun, shadowed, type ShadowCandidate } from '../../rehearsal/shadow.ts';
import type { ExitCode } from '../command.ts';
import { Connection } from '../connection.ts';
import { bytesOf } from '../epochs.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { pureRunner, unplayableIn } from '../shadowing.ts';
import { spotOf } from '../spots.ts';

/** How many executions are read and played at once. */
const AT_ONCE = 4;

/** Plays recorded executions with a candidate, tells what came of it, and keeps it. */
export async function shadow(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [workflow = ''] = given.positionals;
  const [version, epoch] = [given.text('version'), given.text('epoch')];
  const [, region, machine] = /^arn:[\w-]+:states:([^:]+):\d+:stateMachine:([^:]+)(?::[^:]+)?$/.exec(workflow) ?? [];
  if (region === undefined || machine === undefined) throw fault(SHADOWING, 'SLUICE-SHADOW-4', { arn: workflow });
  if ((version === undefined) === (epoch === undefined)) throw fault(SHADOWING, 'SLUICE-SHADOW-2', { got: version === undefined ? 'none' : 'two' });
  const pure = (given.text('pure') ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
  const connection = given.text('env') === undefined && epoch === undefined ? undefined : await Connection.open(await spotOf(given, given.text('env')), region);
  const [recorded, functions] = await Promise.all([ExecutionsRecorded.open({ region }), Functions.open({ region })]);
  try {
    const candidate: Candidate = epoch === undefined ? { kind: 'version', arn: versionArn(workflow, version ?? '') } : { kind: 'epoch', ...await epochOf(connection, epoch) };
    const played = await play({ recorded, candidate, pure, run: pureRunner(functions), most: Number(given.required('most')) }, workflow);
    if (epoch !== undefined && played.pure.length === 0) throw fault(SHADOWING, 'SLUICE-SHADOW-3', { epoch });
    const record: ShadowRecord = { sluice: 1, workflow, candidate, judgedAt: new Date().toISOString(), ...played };
    const key = await connection?.epochsIfAny?.saveShadow(connection.place, record);
    tell({ kind: 'report', report: { kind: 'shadowed', record, ...(key === undefined ? {} : { key }) } });
    return { same: 0, inconclusive: 1, different: 2 }[record.verdict] as ExitCode;
  } finally {
    recorded.close();
    functions.close();
    connection?.close();
  }
}

interface Order extends Required<Pick<ShadowCandidate, 'run'>> {
  /** States that are pure beside those that their definition says are. */
  readonly pure: readonly string[];
  readonly recorded: ExecutionsRecorded;
  readonly candidate: Candidate;
  readonly most: number;
}

type Played = Omit<ShadowRecord, 'sluice' | 'workflow' | 'candidate' | 'judgedAt'>;

async function play({ recorded, candidate, pure, run, most }: Order, workflow: string): Promise<Played> {
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

function versionArn(workflow: string, version: string): string {
  return version.startsWith('arn:') ? version : `${workflow.split(':').slice(0, 7).join(':')}:${version}`;
}

/** The epoch a word names, its bytes in the store, where functions read them. @throws Fault `SLUICE-LOOK-1` when there is none. */
async function epochOf(connection: Connection | undefined, word: string): Promise<EpochReference> {
  const bytes = connection && await (/^\d+$/.test(word) ? bytesOf(connection, Number(word)) : connection.plane.content(connection.place, word.replace(/^v/, '')));
  if (connection === undefined || bytes === undefined) throw fault(RELEASING, 'SLUICE-LOOK-1', { epoch: word, place: connection?.text ?? '' });
  await connection.epochs.saveEpoch(bytes);
  const version = /^v\d+$/.test(word) ? word.slice(1) : (await connection.sight.deployment(connection.place, Number(word)))?.version ?? word;
  return { version, digest: digestOf(bytes) };
}
