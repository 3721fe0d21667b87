/** A deployment strategy, as far as it matters here. */
export interface Growth {
  readonly type: 'LINEAR' | 'EXPONENTIAL';
  /** Percent. */
  readonly factor: number;
  readonly minutes: number;
  readonly bakeMinutes: number;
}

/** Complete within StartDeployment's answer. */
export const AT_ONCE: Growth = { type: 'LINEAR', factor: 100, minutes: 0, bakeMinutes: 0 };
