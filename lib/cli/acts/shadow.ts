import { ExecutionsRecorded } from '../../adapters/evidence/executionsRecorded.ts';
import { Functions } from '../../adapters/functions.ts';
import { peer } from '../../adapters/peer.ts';
import { Repository } from '../../adapters/source/git.ts';
import { digestOf } from '../../core/digest.ts';
import { fault } from '../../core/fault.ts';
import { SHADOWING } from '../../core/faults/shadowing.ts';
import { UNNUMBERED, type Candidate, type ShadowRecord } from '../../core/shadow/index.ts';
import type { ExitCode } from '../command.ts';
import { Connection } from '../connection.ts';
import { epochNamed } from '../epochNamed.ts';
import type { NamedEpoch } from '../epochs.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { namesIn, spotOf } from '../spots.ts';

/** Plays recorded executions with a candidate, tells what came of it, and keeps it. */
export async function shadow(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [workflow = ''] = given.positionals;
  const [version, epoch] = [given.text('version'), given.text('epoch')];
  const [, region, machine] = /^arn:[\w-]+:states:([^:]+):\d+:stateMachine:([^:]+)(?::[^:]+)?$/.exec(workflow) ?? [];
  if (region === undefined || machine === undefined) throw fault(SHADOWING, 'SLUICE-SHADOW-4', { arn: workflow });
  if ((version === undefined) === (epoch === undefined)) throw fault(SHADOWING, 'SLUICE-SHADOW-2', { got: version === undefined ? 'none' : 'two' });
  const pure = namesIn(given.text('pure')) ?? [];
  const connection = given.text('env') === undefined && epoch === undefined ? undefined : await Connection.open(await spotOf(given, given.text('env')), region);
  const accepted = await acceptance(given);
  const { play, pureRunner } = await peer('sluice-engine', () => import('../shadowing.ts'));
  const [recorded, functions] = await Promise.all([ExecutionsRecorded.open({ region }), Functions.open({ region })]);
  try {
    const candidate: Candidate = connection === undefined || epoch === undefined ? { kind: 'version', arn: versionArn(workflow, version ?? '') } : await candidateOf(connection, await epochNamed(connection, epoch, given));
    const played = await play({ recorded, candidate, pure, run: pureRunner(functions), most: Number(given.required('most')) }, workflow);
    if (epoch !== undefined && played.pure.length === 0) throw fault(SHADOWING, 'SLUICE-SHADOW-3', { epoch });
    const record: ShadowRecord = { sluice: 1, workflow, candidate, judgedAt: new Date(connection?.plane.now ?? Date.now()).toISOString(), ...played, ...(accepted === undefined ? {} : { accepted }) };
    const key = await connection?.epochsIfAny?.saveShadow(connection.place, record);
    tell({ kind: 'report', report: { kind: 'shadowed', record, ...(key === undefined ? {} : { key }) } });
    return { same: 0, inconclusive: 1, different: 2 }[record.verdict] as ExitCode;
  } finally {
    recorded.close();
    functions.close();
    connection?.close();
  }
}

/** Who takes what differs as it is, and why; nothing when nobody does. @throws Fault `SLUICE-SHADOW-8` where that would be kept nowhere, or is nobody's. */
async function acceptance(given: Given): Promise<ShadowRecord['accepted']> {
  const why = given.text('accept')?.trim();
  if (why === undefined) return undefined;
  const by = given.text('as') ?? await (await Repository.around('.'))?.identity();
  const problem = why === '' ? 'the reason is empty' : given.text('env') === undefined ? 'no environment keeps what is accepted' : 'nobody is known who accepts them';
  if (why === '' || given.text('env') === undefined || by === undefined) throw fault(SHADOWING, 'SLUICE-SHADOW-8', { problem });
  return { by, why };
}

function versionArn(workflow: string, version: string): string {
  return version.startsWith('arn:') ? version : `${workflow.split(':').slice(0, 7).join(':')}:${version}`;
}

/** What pins are to name, once the bytes of an epoch are in the store, where functions read them. */
async function candidateOf({ epochs }: Connection, { bytes, version = UNNUMBERED }: NamedEpoch): Promise<Candidate> {
  // The gate stored the bytes of a deployment that it refused; so who releases need not be allowed to write epochs.
  const digest = digestOf(bytes);
  if (await epochs.epoch(digest) === undefined) await epochs.saveEpoch(bytes);
  return { kind: 'epoch', version, digest };
}
