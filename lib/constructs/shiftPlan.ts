import { Duration } from 'aws-cdk-lib';
import { blueGreenShift, canaryShift, checkedShift, linearShift, SHIFT_BAKE_MINUTES, shiftAtOnce, type ShiftSteps } from '../core/shift/plan.ts';
import { demandOf, type RequiredShadow } from './requiredShadow.ts';

/** What all plans of shifts have. */
export interface ShiftOptions {
  /** How long the new version is watched once all executions start on it. @default Duration.minutes(10) */
  readonly bakeTime?: Duration;
  /**
   * What happens after the last step when the judge has neither seen harm nor proven the new version safe: go on, hold until
   * `sluice shift promote` or `abort`, or go back. @default 'go-on'
   */
  readonly onInconclusive?: ShiftSteps['onInconclusive'];
  /** Whether a proof of safety ends the steps early. @default false */
  readonly promoteEarly?: boolean;
  /** What `sluice shadow` must have shown of the new version before it gets executions. @default - nothing */
  readonly requireShadow?: RequiredShadow;
}

/** One step, then everybody. */
export interface CanaryShiftProps extends ShiftOptions {
  /** Percent of the executions, 1 to 99. @default 10 */
  readonly percent?: number;
  /** @default Duration.minutes(20) */
  readonly hold?: Duration;
}

/** Equal steps. */
export interface LinearShiftProps extends ShiftOptions {
  /** Percent that each step adds, 1 to 99. */
  readonly stepPercent: number;
  /** How long each step is held. */
  readonly every: Duration;
}

/** Nobody, then everybody. */
export interface BlueGreenShiftProps extends ShiftOptions {
  /** How long the new version can be tried by its own ARN before everybody gets it. */
  readonly hold: Duration;
}

/** Any steps. */
export interface StepsShiftProps extends ShiftOptions {
  readonly steps: readonly { readonly percent: number; readonly hold: Duration }[];
}

/** How a workflow's new version gets its executions. */
export class ShiftPlan {
  /** Some, then everybody. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
  static canary(props: CanaryShiftProps = {}): ShiftPlan {
    return new ShiftPlan(canaryShift(props.percent ?? 10, (props.hold ?? Duration.minutes(20)).toMinutes({ integral: false }), restOf(props)));
  }

  /** More in equal steps. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
  static linear(props: LinearShiftProps): ShiftPlan {
    return new ShiftPlan(linearShift(props.stepPercent, props.every.toMinutes({ integral: false }), restOf(props)));
  }

  /** Nobody while the new version is tried, then everybody. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
  static blueGreen(props: BlueGreenShiftProps): ShiftPlan {
    return new ShiftPlan(blueGreenShift(props.hold.toMinutes({ integral: false }), restOf(props)));
  }

  /** Everybody at once, watched. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
  static allAtOnce(props: ShiftOptions = {}): ShiftPlan {
    return new ShiftPlan(shiftAtOnce(restOf(props)));
  }

  /** Steps of any weight and length. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
  static steps(props: StepsShiftProps): ShiftPlan {
    const steps = props.steps.map(({ percent, hold }) => ({ weight: percent, minutes: hold.toMinutes({ integral: false }) }));
    return new ShiftPlan(checkedShift({ ...restOf(props), steps }));
  }

  /** The plan as the controller plays it. */
  readonly plan: ShiftSteps;

  private constructor(plan: ShiftSteps) {
    this.plan = plan;
  }
}

function restOf({ bakeTime, onInconclusive = 'go-on', promoteEarly = false, requireShadow }: ShiftOptions): Omit<ShiftSteps, 'steps'> {
  return { bakeMinutes: bakeTime?.toMinutes({ integral: false }) ?? SHIFT_BAKE_MINUTES, onInconclusive, promoteEarly, ...(requireShadow === undefined ? {} : { shadow: demandOf(requireShadow) }) };
}
