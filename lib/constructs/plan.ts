import { Stack, type Duration } from 'aws-cdk-lib';
import { CfnDeploymentStrategy } from 'aws-cdk-lib/aws-appconfig';
import type { Construct } from 'constructs';
import { BAKE_MINUTES, strategyOf, type Plan, type Strategy } from '../core/plan.ts';

/** Equal steps. */
export interface LinearRolloutProps {
  /** Percent added by each step, above 0 and at most 100. */
  readonly stepPercent: number;
  /** From nothing to everybody, whole minutes up to 24 hours. */
  readonly duration: Duration;
  /** How long AppConfig watches at 100 %. @default Duration.minutes(10) */
  readonly bakeTime?: Duration;
}

/** Steps that double: the canary's longest look. */
export interface ExponentialRolloutProps {
  /** Percent of the first step, above 0 and at most 100. */
  readonly startPercent: number;
  /** From nothing to everybody, whole minutes up to 24 hours. */
  readonly duration: Duration;
  /** How long AppConfig watches at 100 %. @default Duration.minutes(10) */
  readonly bakeTime?: Duration;
}

/** What AppConfig has already, by what it does: an account holds 20 strategies of its own. */
const PREDEFINED: Readonly<Record<string, string>> = {
  'LINEAR/100/0/10': 'AppConfig.AllAtOnce',
  'LINEAR/50/1/1': 'AppConfig.Linear50PercentEvery30Seconds',
  'LINEAR/20/30/30': 'AppConfig.Linear20PercentEvery6Minutes',
  'EXPONENTIAL/10/20/10': 'AppConfig.Canary10Percent20Minutes',
};

/** How the exposure of a new configuration grows: one of AppConfig's predefined plans, or one of your own. */
export class RolloutPlan {
  /** Everybody at once, then 10 minutes of watching. */
  static readonly ALL_AT_ONCE: RolloutPlan = new RolloutPlan(strategyOf({ kind: 'all-at-once', bakeMinutes: 10 }));
  /** 10 %, doubling over 20 minutes, then 10 minutes of watching. */
  static readonly CANARY_10_PERCENT_20_MINUTES: RolloutPlan = new RolloutPlan(strategyOf({ kind: 'canary', percent: 10, minutes: 20, bakeMinutes: 10 }));
  /** 20 % every 6 minutes, then 30 minutes of watching. */
  static readonly LINEAR_20_PERCENT_EVERY_6_MINUTES: RolloutPlan = new RolloutPlan(strategyOf({ kind: 'linear', stepPercent: 20, minutes: 30, bakeMinutes: 30 }));
  /** 50 % every 30 seconds, then a minute of watching: for trying things out. */
  static readonly LINEAR_50_PERCENT_EVERY_30_SECONDS: RolloutPlan = new RolloutPlan(strategyOf({ kind: 'linear', stepPercent: 50, minutes: 1, bakeMinutes: 1 }));

  /** A plan in equal steps. @throws Fault `SLUICE-PLAN-1` or `SLUICE-PLAN-2` for what AppConfig cannot express. */
  static linear(props: LinearRolloutProps): RolloutPlan {
    return RolloutPlan.of({ kind: 'linear', stepPercent: props.stepPercent, minutes: minutesOf(props.duration), bakeMinutes: bakeOf(props.bakeTime) });
  }

  /** A plan whose exposure doubles. @throws Fault `SLUICE-PLAN-1` or `SLUICE-PLAN-2` for what AppConfig cannot express. */
  static exponential(props: ExponentialRolloutProps): RolloutPlan {
    return RolloutPlan.of({ kind: 'canary', percent: props.startPercent, minutes: minutesOf(props.duration), bakeMinutes: bakeOf(props.bakeTime) });
  }

  /** A plan of the core, steps included. @throws Fault `SLUICE-PLAN-1` to `SLUICE-PLAN-4` for what AppConfig cannot express. */
  static of(plan: Plan): RolloutPlan {
    return new RolloutPlan(strategyOf(plan));
  }

  /** A strategy that exists already. */
  static fromDeploymentStrategyId(deploymentStrategyId: string): RolloutPlan {
    return new RolloutPlan(undefined, deploymentStrategyId);
  }

  /** The AppConfig strategy; nothing for an imported one. */
  readonly strategy: Strategy | undefined;
  readonly #id: string | undefined;

  private constructor(strategy: Strategy | undefined, id?: string) {
    this.strategy = strategy;
    this.#id = id;
  }

  /** The id of the strategy in a scope's stack: predefined where one fits, else one resource, shared by all who use the same plan. */
  strategyId(scope: Construct): string {
    const { strategy } = this;
    if (strategy === undefined) return this.#id ?? '';
    const { growthType, growthFactor, durationMinutes, bakeMinutes } = strategy;
    const key = [growthType, growthFactor, durationMinutes, bakeMinutes].join('/');
    const predefined = PREDEFINED[key];
    if (predefined !== undefined) return predefined;
    const stack = Stack.of(scope);
    const id = `SluiceStrategy${key.replaceAll(/\W/g, '-')}`;
    const known = stack.node.tryFindChild(id);
    if (known instanceof CfnDeploymentStrategy) return known.ref;
    return new CfnDeploymentStrategy(stack, id, {
      name: nameOf(strategy), growthType, growthFactor, deploymentDurationInMinutes: durationMinutes, finalBakeTimeInMinutes: bakeMinutes, replicateTo: 'NONE',
    }).ref;
  }
}

/** As the command line names them, so that it finds them. */
function nameOf({ growthType, growthFactor, durationMinutes, bakeMinutes }: Strategy): string {
  return `sluice-${growthType === 'LINEAR' ? 'linear' : 'canary'}-${growthFactor}-percent-${durationMinutes}-min-bake-${bakeMinutes}`.replaceAll('.', '_');
}

function minutesOf(duration: Duration): number {
  return duration.toMinutes({ integral: false });
}

function bakeOf(duration: Duration | undefined): number {
  return duration === undefined ? BAKE_MINUTES : minutesOf(duration);
}
