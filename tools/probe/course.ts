import { GetDeploymentCommand, type GetDeploymentCommandOutput } from '@aws-sdk/client-appconfig';
import type { Place, Stage } from './stage.ts';

/** One entry of a deployment's log, oldest first. */
export interface Happening {
  readonly type: string;
  readonly triggeredBy: string;
  readonly description: string;
  /** Milliseconds since the deployment's StartedAt. */
  readonly afterMs: number;
  /** What extensions did, as AppConfig tells it. */
  readonly invocations?: readonly unknown[];
}

/** What was seen of a deployment by looking at it again and again; times are the prober's clock, less the deployment's StartedAt. */
export interface Sight {
  readonly state: string;
  readonly percentage: number;
  readonly afterMs: number;
}

/** A deployment from its start to its end, or to where the probe left it. */
export interface Course {
  readonly state: string;
  readonly log: readonly Happening[];
  readonly seen: readonly Sight[];
}

/** A deployment to follow. */
export interface Followed {
  readonly place: Place;
  readonly number: number;
}

const LOOK_MS = 5000;
const ENDED = new Set(['COMPLETE', 'ROLLED_BACK', 'REVERTED']);

/** Follows deployments that run at the same time until all have ended, or for so many minutes; looks at those that have not every so often. */
export async function follow(stage: Stage, followed: readonly Followed[], minutes: number, everyMs: number = LOOK_MS): Promise<readonly Course[]> {
  const { clock } = stage.target;
  const begun = await clock.now();
  const seen = followed.map((): Sight[] => []);
  const latest: GetDeploymentCommandOutput[] = [];
  for (;;) {
    await Promise.all(followed.map(async (one, index) => {
      if (!hasEnded(latest[index])) latest[index] = await look(stage, one);
    }));
    const now = await clock.now();
    for (const [index, { State: state = '', PercentageComplete: percentage = 0, StartedAt }] of latest.entries()) {
      const before = seen[index]?.at(-1);
      if (before?.state !== state || before.percentage !== percentage) seen[index]?.push({ state, percentage, afterMs: now - (StartedAt?.getTime() ?? begun) });
    }
    if (latest.every(hasEnded) || now - begun > minutes * 60_000) break;
    await clock.wait(everyMs);
  }
  return latest.map((deployment, index) => ({ state: deployment.State ?? '', log: logOf(deployment), seen: seen[index] ?? [] }));
}

function hasEnded(deployment: GetDeploymentCommandOutput | undefined): boolean {
  return ENDED.has(deployment?.State ?? '');
}

/** A deployment's log as it is now. */
export function logOf({ EventLog = [], StartedAt }: Pick<GetDeploymentCommandOutput, 'EventLog' | 'StartedAt'>): readonly Happening[] {
  const begun = StartedAt?.getTime() ?? 0;
  return EventLog.toReversed().map(({ EventType = '', TriggeredBy = '', Description = '', OccurredAt, ActionInvocations = [] }) => ({
    type: EventType, triggeredBy: TriggeredBy, description: Description, afterMs: (OccurredAt?.getTime() ?? 0) - begun,
    ...(ActionInvocations.length > 0 && { invocations: ActionInvocations }),
  }));
}

/** A deployment as GetDeployment answers. */
export function look(stage: Stage, { place, number }: Followed): Promise<GetDeploymentCommandOutput> {
  return stage.target.clients.appconfig.send(new GetDeploymentCommand({ ApplicationId: stage.applicationId, EnvironmentId: place.environment, DeploymentNumber: number }));
}
