import type { Strategy } from './state.ts';

/** The strategies AWS brings along, by id, in the order ListDeploymentStrategies gives them. */
export const PREDEFINED: ReadonlyMap<string, Strategy> = new Map([
  predefined('AllAtOnce', 'Quick', 'LINEAR', 100, 0, 10),
  predefined('Linear50PercentEvery30Seconds', 'Test/Demo', 'LINEAR', 50, 1, 1),
  predefined('Canary10Percent20Minutes', 'AWS Recommended', 'EXPONENTIAL', 10, 20, 10),
  predefined('Linear20PercentEvery6Minutes', 'AWS Recommended', 'LINEAR', 20, 30, 30),
].map((strategy) => [strategy.id, strategy]));

function predefined(name: string, description: string, growthType: Strategy['growthType'], growthFactor: number, durationMinutes: number, bakeMinutes: number): Strategy {
  const id = `AppConfig.${name}`;
  return { id, name: id, description, growthType, growthFactor, durationMinutes, bakeMinutes, replicateTo: 'NONE' };
}
