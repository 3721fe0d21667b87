import { fault, shown } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import { checkedDemand, type ShadowDemand } from '../shadow/demand.ts';

/** A share of the executions that start on a new version, and for how long. */
export interface ShiftStep {
  /** Percent, whole, 0 to 99; at 0 the new version is only ready. */
  readonly weight: number;
  /** At least 1. */
  readonly minutes: number;
}

/** How a workflow's new version gets its executions. */
export interface ShiftSteps {
  /** Growing, without 100 %, which comes after the last; none shifts at once. */
  readonly steps: readonly ShiftStep[];
  /** How long 100 % is watched before the old version is let go, minutes, 0 to 1440. */
  readonly bakeMinutes: number;
  /**
   * What happens after the last step when the judge has neither seen harm nor proven the new version safe: go on to 100 %, hold until a
   * person promotes or aborts, or go back. Of steps at 0 % nothing could be concluded, so there it is not asked.
   */
  readonly onInconclusive: 'go-on' | 'hold' | 'roll-back';
  /** Whether a proof of safety ends the steps early. */
  readonly promoteEarly: boolean;
  /** What must be shown of the new version before it gets executions. @default - nothing */
  readonly shadow?: ShadowDemand;
}

/** Minutes that 100 % is watched when nobody says. */
export const SHIFT_BAKE_MINUTES = 10;

type Rest = Omit<ShiftSteps, 'steps'>;

const REST: Rest = { bakeMinutes: SHIFT_BAKE_MINUTES, onInconclusive: 'go-on', promoteEarly: false };

/** One step, then everybody. */
export function canaryShift(percent: number, minutes: number, rest: Partial<Rest> = {}): ShiftSteps {
  return checkedShift({ ...REST, ...rest, steps: [{ weight: percent, minutes }] });
}

/** Equal steps of `stepPercent`, each for `minutes`. */
export function linearShift(stepPercent: number, minutes: number, rest: Partial<Rest> = {}): ShiftSteps {
  const steps = Math.ceil(100 / (stepPercent >= 1 ? stepPercent : 100)) - 1;
  return checkedShift({ ...REST, ...rest, steps: Array.from({ length: steps }, (_, n) => ({ weight: stepPercent * (n + 1), minutes })) });
}

/** Nobody for `minutes`, in which the new version can be tried by its own ARN, then everybody. */
export function blueGreenShift(minutes: number, rest: Partial<Rest> = {}): ShiftSteps {
  return checkedShift({ ...REST, ...rest, steps: [{ weight: 0, minutes }] });
}

/** Everybody at once, watched. */
export function shiftAtOnce(rest: Partial<Rest> = {}): ShiftSteps {
  return checkedShift({ ...REST, ...rest, steps: [] });
}

/** The plan, if it is one. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
export function checkedShift(plan: ShiftSteps): ShiftSteps {
  const need = (field: string, fits: boolean, expected: string, got: unknown): void => {
    if (!fits) throw fault(SHIFTING, 'SLUICE-SHIFT-1', { field, expected, got: shown(got) });
  };
  need('steps', Array.isArray(plan.steps) && plan.steps.length <= 100, 'a list of at most 100', plan.steps);
  plan.steps.forEach(({ weight, minutes }, at) => {
    const before = plan.steps[at - 1]?.weight ?? -1;
    need(`steps[${at}].weight`, Number.isInteger(weight) && weight > before && weight < 100, `a whole percentage above ${Math.max(before, -1)} and below 100`, weight);
    need(`steps[${at}].minutes`, Number.isInteger(minutes) && minutes >= 1 && minutes <= 10_080, 'whole minutes, 1 to 10080', minutes);
  });
  need('bakeMinutes', Number.isInteger(plan.bakeMinutes) && plan.bakeMinutes >= 0 && plan.bakeMinutes <= 1440, 'whole minutes, 0 to 1440', plan.bakeMinutes);
  need('onInconclusive', ['go-on', 'hold', 'roll-back'].includes(plan.onInconclusive), 'go-on, hold or roll-back', plan.onInconclusive);
  need('promoteEarly', typeof plan.promoteEarly === 'boolean', 'true or false', plan.promoteEarly);
  if (plan.shadow !== undefined) checkedDemand(plan.shadow);
  return plan;
}
