import { Alarms } from '../adapters/evidence/alarms.ts';
import type { Repository } from '../adapters/source/git.ts';
import type { Digest } from '../core/digest.ts';
import { unmet } from '../core/consent.ts';
import { fault } from '../core/fault.ts';
import { GIT } from '../core/faults/git.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import type { Approval, Signature } from '../core/provenance.ts';
import { labelOf } from '../core/release.ts';
import type { PlannedRelease } from '../documents/index.ts';
import type { Connection } from './connection.ts';

/** What lets a release begin. */
export interface Admission {
  readonly signature: Signature | null;
  readonly approvals: readonly Approval[];
}

/**
 * Lets a release begin when the project's guards are OK; when its commit is signed, where the project asks for it; when it is approved; and when it does not take back,
 * unseen, what was released from commits it does not contain.
 */
export async function admit(release: PlannedRelease, connection: Connection, repository: Repository | undefined, { plan, behind }: { readonly plan: Digest; readonly behind: boolean }): Promise<Admission> {
  await quiet(release, connection);
  const signature = release.signed ? await signatureOf(release, repository) : null;
  const given = await connection.epochs.approvals(connection.place, labelOf(release));
  const approvals = release.people === undefined ? given : given.filter((one) => one.plan === plan && one.epoch === release.digest);
  sufficient(release, approvals, connection.text);
  if (!behind && repository !== undefined) await contained(release, connection, repository);
  return { signature, approvals };
}

async function quiet({ guards }: PlannedRelease, { options, text }: Connection): Promise<void> {
  if (guards.length === 0) return;
  const alarms = await Alarms.open(options);
  try {
    for (const alarm of guards) {
      const { state } = await alarms.now(alarm);
      if (state !== 'OK') throw fault(RELEASING, 'SLUICE-RELEASE-10', { alarm, state, place: text });
    }
  } finally {
    alarms.close();
  }
}

async function signatureOf({ commit }: PlannedRelease, repository: Repository | undefined): Promise<Signature> {
  if (repository === undefined) throw fault(GIT, 'SLUICE-GIT-6', { path: process.cwd() });
  if (commit === null) throw fault(GIT, 'SLUICE-GIT-2', { commit: 'none', problem: 'the bytes are in no commit' });
  return await repository.verify(commit);
}

/** Where the project lets the gate ask for approvals they are matched to the owners, as it does; else they are only counted. */
function sufficient({ answerable, people }: PlannedRelease, approvals: readonly Approval[], place: string): void {
  const wanting = people === undefined
    ? answerable.filter((one) => one.approvals > approvals.length).map((one) => ({ ...one, got: approvals.length }))
    : unmet(answerable, approvals, people);
  if (wanting.length === 0) return;
  throw fault(RELEASING, 'SLUICE-RELEASE-7', {
    place, needed: Math.max(...wanting.map((one) => one.approvals)), got: Math.min(...wanting.map(({ got }) => got)),
    documents: wanting.map(({ document }) => document).join(', '), owners: [...new Set(wanting.flatMap(({ owners }) => owners))].join(', '),
  });
}

async function contained({ commit }: PlannedRelease, connection: Connection, repository: Repository): Promise<void> {
  const { provenance } = await connection.standing();
  const live = provenance?.commit ?? undefined;
  if (live === undefined || commit === null || await repository.contains(commit, live)) return;
  throw fault(RELEASING, 'SLUICE-RELEASE-8', { place: connection.text, live: live.slice(0, 12), commit: commit.slice(0, 12) });
}
