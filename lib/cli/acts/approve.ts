import { Identity } from '../../adapters/caller/identity.ts';
import type { ClientOptions } from '../../adapters/peer.ts';
import { Repository } from '../../adapters/source/git.ts';
import { fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { labelOf } from '../../core/release.ts';
import type { ExitCode } from '../command.ts';
import { connected } from '../connection.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { planGiven, releasesMeant } from '../planGiven.ts';

/** Writes an approval for each release of a plan, under the identity that IAM knows the caller by. */
export async function approve(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const [path = ''] = given.positionals;
  const plan = await planGiven(path);
  const by = given.text('as') ?? await (await Repository.around('.'))?.identity();
  if (by === undefined) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: '--as', expected: 'given where git knows no user.name', got: 'nothing', command: 'sluice approve' });
  const note = given.text('note');
  const releases = releasesMeant(plan, given.text('env'));
  if (releases.length === 0) {
    tell({ kind: 'report', report: { kind: 'approved', by, releases: [] } });
    return 0;
  }
  await connected(releases, async (connections) => {
    const userId = await userIdOf(connections[0]?.options);
    for (const [at, { place, plane, epochs }] of connections.entries()) {
      const release = releases[at];
      if (release === undefined) continue;
      await epochs.saveApproval(place, labelOf(release), userId, { by, plan: plan.digest, epoch: release.digest, at: new Date(plane.now).toISOString(), ...(note === undefined ? {} : { note }) });
    }
    tell({ kind: 'report', report: { kind: 'approved', by, releases: releases.map((release, at) => ({ place: connections[at]?.text ?? '', label: labelOf(release) })) } });
  });
  return 0;
}

/** Who approves, to IAM: they may write only under this name. */
async function userIdOf(options: ClientOptions = {}): Promise<string> {
  const identity = await Identity.open(options);
  try {
    return (await identity.caller()).userId;
  } finally {
    identity.close();
  }
}
