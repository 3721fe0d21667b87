import { fault } from '../../core/fault.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { live, newest, REVERT_WITHIN_MS } from '../../core/rollout.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { spotOf } from '../spots.ts';
import { undeclared, undeclaredLines } from '../undeclared.ts';

/** Takes the newest deployment of an environment back. */
export async function rollBack(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  return await connected([await spotOf(given, given.positionals[0])], async ([connection]): Promise<ExitCode> => {
    if (connection === undefined) return 1;
    const { plane, place, text } = connection;
    const taken = await takenBack(connection);
    const deployments = await plane.deployments(place);
    const serves = live(deployments, place.profile)?.version ?? null;
    // The roll-back handler keeps it too, within five minutes; executions that are to fail or to move need not wait for that.
    const untold = await connection.rolledBackIfAny?.renew(connection.names, deployments, plane.now, taken).then(() => undefined, (error: unknown) => (error as Error).message);
    // It is back whatever they declare; nothing that is only told may make it look failed.
    const others = serves === null ? [] : await plane.content(place, serves).then((bytes) => undeclared(connection, bytes, serves)).then(undeclaredLines, () => []);
    tell({ kind: 'report', report: { kind: 'rolled-back', place: text, ...taken, serves, ...(others.length === 0 ? {} : { undeclared: others }), ...(untold === undefined ? {} : { untold }) } });
    return 0;
  });
}

async function takenBack({ plane, place, text, names }: Connection): Promise<{ readonly deployment: number; readonly state: 'ROLLED_BACK' | 'REVERTED' }> {
  const last = newest(await plane.deployments(place));
  const unable = (problem: string): never => { throw fault(RELEASING, 'SLUICE-UNDO-1', { place: text, problem }); };
  if (last === undefined) return unable('nothing was ever deployed');
  const deployment = last.number;
  switch (last.state) {
    case 'VALIDATING':
    case 'DEPLOYING':
    case 'BAKING':
      await plane.stop(place, deployment);
      return { deployment, state: 'ROLLED_BACK' };
    case 'COMPLETE':
      if (last.profile !== names.profile) return unable(`deployment ${deployment} is of another profile, ${last.profile}`);
      if (plane.now - (last.completedAt ?? last.startedAt) > REVERT_WITHIN_MS) return unable(`deployment ${deployment} completed more than 72 hours ago`);
      await plane.revert(place, deployment);
      return { deployment, state: 'REVERTED' };
    default: return unable(`deployment ${deployment} is ${last.state} already`);
  }
}
