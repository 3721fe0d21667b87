import { agentOptions, createAgent } from './agent/index.ts';
import { configurationPort } from './appconfig/exposure.ts';
import { appConfig, newAppConfigState } from './appconfig/index.ts';
import { appConfigData } from './appconfigdata/appconfigdata.ts';
import { cloudWatch } from './cloudwatch/cloudwatch.ts';
import { CodeFolder } from './lambda/code.ts';
import type { Functions } from './lambda/functions.ts';
import { Invoker } from './lambda/invocation.ts';
import { lambda } from './lambda/operations.ts';
import { Pool } from './lambda/pool.ts';
import { logs } from './logs/logs.ts';
import type { House } from './ports.ts';
import type { RawRequest } from './sandbox/assembler.ts';
import type { RawResponse } from './sandbox/sandbox.ts';
import { wireRequest, type Dispatch, type Service } from './wire/index.ts';

/** All services of an engine, connected to each other. */
export interface Furniture {
  readonly services: readonly Service[];
  close(): Promise<void>;
}

/** Makes every service and fills in the ports through which they ask each other. */
export function furnish(house: House, dataFolder: string, dispatch: Dispatch): Furniture {
  const functions: Functions = new Map();
  const fromInside = (request: RawRequest): Promise<RawResponse> => dispatch(wireRequest(request.method, request.target, request.headers, request.body));
  const appConfigState = newAppConfigState();
  house.ports.configuration = configurationPort(appConfigState, () => house.kernel.now());
  const pool = new Pool({
    house,
    dataFolder,
    engine: fromInside,
    agent: (environment, sandbox) => {
      const agent = createAgent(house, agentOptions(sandbox, environment));
      return (request) => agent.handle(wireRequest(request.method, request.target, request.headers, request.body));
    },
  });
  const invoker = new Invoker(house, functions, pool);
  house.ports.lambda = invoker;
  house.ports.events = { emit: () => undefined };
  return {
    services: [cloudWatch(house), logs(house), appConfig(house, appConfigState), appConfigData(house), lambda(house, functions, { code: new CodeFolder(dataFolder), pool, invoker })],
    close: () => pool.close(),
  };
}
