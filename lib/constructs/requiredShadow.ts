import { Duration } from 'aws-cdk-lib';
import { checkedDemand, type ShadowDemand } from '../core/shadow/demand.ts';

/** What `sluice shadow` must have shown of a candidate before it gets executions. */
export interface RequiredShadow {
  /** How many executions were compared at least. @default 100 */
  readonly executions?: number;
  /** How old what was found may be. @default Duration.days(7) */
  readonly within?: Duration;
}

/** The demand as gate and controller read it. @throws Fault `SLUICE-SHADOW-7` for what no shadow can meet. */
export function demandOf({ executions = 100, within = Duration.days(7) }: RequiredShadow): ShadowDemand {
  return checkedDemand({ executions, withinMs: within.toMilliseconds() });
}
