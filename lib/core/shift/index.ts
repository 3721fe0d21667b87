export { askedOfShift, SHIFT_ASKS } from './ask.ts';
export { beginningOfShift, type Shiftable, type ShiftBeginning } from './begin.ts';
export { CLAIM_MS, LOOK_SECONDS, nextOfShift, STALE_MS, type ShiftDecision, type ShiftSight, type ShiftStep } from './next.ts';
export { blueGreenShift, canaryShift, checkedShift, linearShift, SHIFT_BAKE_MINUTES, shiftAtOnce, type ShiftSteps } from './plan.ts';
export {
  formatShift, parseShift, shiftEnded, shiftHolds, shiftingKey, SHIFTING_PREFIX, shiftKey, versionNumber,
  type ShiftAsk, type ShiftEntry, type ShiftRecord, type ShiftReturn, type ShiftState, type ShiftVerdict,
} from './record.ts';
export { routesOf, weightIn, type AliasRoute } from './route.ts';
