import { isObject } from '../epoch.ts';
import { fault, shown } from '../fault.ts';
import { SHADOWING } from '../faults/shadowing.ts';

/** What must be shown of a candidate before it gets executions. */
export interface ShadowDemand {
  /** How many executions were compared at least. */
  readonly executions: number;
  /** How old what was found may be, milliseconds. */
  readonly withinMs: number;
}

/** The demand, if it is one. @throws Fault `SLUICE-SHADOW-7` for what no shadow can meet. */
export function checkedDemand(demand: ShadowDemand): ShadowDemand {
  const need = (field: string, fits: boolean, got: unknown): void => {
    if (!fits) throw fault(SHADOWING, 'SLUICE-SHADOW-7', { field, got: shown(got) });
  };
  need('what is asked for', isObject(demand), demand);
  need('executions', Number.isSafeInteger(demand.executions) && demand.executions >= 1, demand.executions);
  need('withinMs', Number.isSafeInteger(demand.withinMs) && demand.withinMs >= 1, demand.withinMs);
  return demand;
}
