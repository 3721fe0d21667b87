import type { Strategy } from '../../core/plan.ts';

/** A deployment strategy as AppConfig lists it. */
export interface ListedStrategy {
  readonly Id?: string | undefined;
  readonly GrowthType?: string | undefined;
  readonly GrowthFactor?: number | undefined;
  readonly DeploymentDurationInMinutes?: number | undefined;
  readonly FinalBakeTimeInMinutes?: number | undefined;
}

/**
 * The strategy among those listed that does exactly what is wanted, whoever made it; AppConfig's predefined ones too.
 * An account holds 20 strategies, so one that fits is used again.
 */
export function fitting(listed: readonly ListedStrategy[], wanted: Strategy): string | undefined {
  return listed.find((one) =>
    one.GrowthType === wanted.growthType
    && one.GrowthFactor === wanted.growthFactor
    && one.DeploymentDurationInMinutes === wanted.durationMinutes
    && one.FinalBakeTimeInMinutes === wanted.bakeMinutes)?.Id;
}

/** The name of a strategy of ours: what it does, so that two of the same make no sense. */
export function nameOf(strategy: Strategy): string {
  const growth = strategy.growthType === 'LINEAR' ? 'linear' : 'canary';
  return `sluice-${growth}-${strategy.growthFactor}-percent-${strategy.durationMinutes}-min-bake-${strategy.bakeMinutes}`.replaceAll('.', '_');
}
