import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { arnOf } from './arn.ts';
import { described } from './description.ts';
import { findStrategy } from './lookup.ts';
import { pageOf, type Page, type PageInput } from './page.ts';
import { PREDEFINED } from './predefined.ts';
import { badRequest, notProvided, quotaExceeded } from './refusal.ts';
import type { AppConfigState, GrowthType, Strategy } from './state.ts';
import { dropTags, putTags } from './tags.ts';

/** Custom strategies in an account at most. */
const QUOTA = 20;

interface StrategyInput {
  readonly DeploymentStrategyId: string;
  readonly Name: string;
  readonly Description?: string;
  readonly DeploymentDurationInMinutes?: number;
  readonly FinalBakeTimeInMinutes?: number;
  readonly GrowthFactor?: number;
  readonly GrowthType?: GrowthType;
  readonly ReplicateTo?: string;
  readonly Tags?: Readonly<Record<string, string>>;
}

interface StrategyOutput {
  readonly Id: string;
  readonly Name: string;
  readonly Description?: string;
  readonly DeploymentDurationInMinutes: number;
  readonly GrowthType: GrowthType;
  readonly GrowthFactor: number;
  readonly FinalBakeTimeInMinutes: number;
  readonly ReplicateTo: string;
}

/** CreateDeploymentStrategy and its siblings. Names need not be unique. */
export function strategies(house: House, state: AppConfigState): Service['operations'] {
  return {
    CreateDeploymentStrategy(input: StrategyInput & { DeploymentDurationInMinutes: number; GrowthFactor: number }): StrategyOutput {
      if (input.ReplicateTo === 'SSM_DOCUMENT') throw notProvided('ReplicateTo SSM_DOCUMENT of deployment strategies');
      if (state.strategies.size >= QUOTA) throw quotaExceeded('deployment strategies in an account', QUOTA);
      const strategy: Strategy = {
        id: house.draws.id('appconfig:strategy'),
        name: input.Name,
        durationMinutes: input.DeploymentDurationInMinutes,
        growthType: input.GrowthType ?? 'LINEAR',
        growthFactor: input.GrowthFactor,
        bakeMinutes: input.FinalBakeTimeInMinutes ?? 0,
        replicateTo: 'NONE',
      };
      if (input.Description !== undefined) strategy.description = input.Description;
      state.strategies.set(strategy.id, strategy);
      putTags(state, arnOf(house, pathOf(strategy)), input.Tags);
      record(house, strategy, 'created');
      return shown(strategy, input.Description);
    },

    GetDeploymentStrategy(input: StrategyInput): StrategyOutput {
      return shown(findStrategy(state, input.DeploymentStrategyId));
    },

    ListDeploymentStrategies(input: PageInput): Page<StrategyOutput> {
      return pageOf('strategies', [...state.strategies.values(), ...PREDEFINED.values()].map((strategy) => shown(strategy)), input);
    },

    UpdateDeploymentStrategy(input: StrategyInput): StrategyOutput {
      const strategy = findStrategy(state, input.DeploymentStrategyId);
      if (PREDEFINED.has(strategy.id)) throw badRequest(`Cannot update predefined Deployment Strategy ${strategy.id}`);
      strategy.durationMinutes = input.DeploymentDurationInMinutes ?? strategy.durationMinutes;
      strategy.growthType = input.GrowthType ?? strategy.growthType;
      strategy.growthFactor = input.GrowthFactor ?? strategy.growthFactor;
      strategy.bakeMinutes = input.FinalBakeTimeInMinutes ?? strategy.bakeMinutes;
      if (input.Description !== undefined) strategy.description = input.Description;
      record(house, strategy, 'updated');
      return shown(strategy, input.Description);
    },

    DeleteDeploymentStrategy(input: StrategyInput): void {
      const strategy = findStrategy(state, input.DeploymentStrategyId);
      if (PREDEFINED.has(strategy.id)) throw badRequest(`Cannot delete predefined Deployment Strategy ${strategy.id}.`);
      state.strategies.delete(strategy.id);
      dropTags(state, arnOf(house, pathOf(strategy)));
      record(house, strategy, 'deleted');
    },
  };
}

function pathOf(strategy: Strategy): string {
  return `deploymentstrategy/${strategy.id}`;
}

function record(house: House, strategy: Strategy, did: string): void {
  const { growthType, growthFactor, durationMinutes, bakeMinutes } = strategy;
  house.history.record('appconfig:strategy', pathOf(strategy), { did, growthType, growthFactor, durationMinutes, bakeMinutes });
}

function shown(strategy: Strategy, given?: string): StrategyOutput {
  return {
    Id: strategy.id,
    Name: strategy.name,
    ...described(strategy.description, given),
    DeploymentDurationInMinutes: strategy.durationMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.bakeMinutes,
    ReplicateTo: strategy.replicateTo,
  };
}
