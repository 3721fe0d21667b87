import { join } from 'node:path';
import { agentInside } from './agent/index.ts';
import { configurationPort } from './appconfig/exposure.ts';
import { appConfig, newAppConfigState } from './appconfig/index.ts';
import { appConfigData } from './appconfigdata/appconfigdata.ts';
import { cloudFormation } from './cloudformation/cloudformation.ts';
import { CustomResources } from './cloudformation/providers/customResource.ts';
import { cloudWatch } from './cloudwatch/cloudwatch.ts';
import { Bus } from './events/bus.ts';
import { eventBridge } from './events/eventBridge.ts';
import { CodeFolder } from './lambda/code.ts';
import { Access } from './iam/access.ts';
import { actionTables } from './iam/actions/tables.ts';
import { Directory } from './iam/directory.ts';
import { iam } from './iam/iam.ts';
import { Keys } from './kms/keys.ts';
import { kms } from './kms/kms.ts';
import type { Functions } from './lambda/functions.ts';
import { Invoker } from './lambda/invocation.ts';
import { lambda } from './lambda/operations.ts';
import { Pool } from './lambda/pool.ts';
import { logs } from './logs/logs.ts';
import type { House } from './ports.ts';
import { Objects } from './s3/objects.ts';
import { s3 } from './s3/s3.ts';
import type { RawRequest } from './sandbox/assembler.ts';
import type { RawResponse } from './sandbox/sandbox.ts';
import { sns } from './sns/sns.ts';
import { Topics } from './sns/topics.ts';
import { Parameters } from './ssm/parameters.ts';
import { ssm } from './ssm/ssm.ts';
import { CredentialStore } from './sts/credentials.ts';
import { states } from './states/states.ts';
import { sts } from './sts/sts.ts';
import { wireRequest, type Dispatch, type Service } from './wire/index.ts';

/** All services of an engine, connected to each other. */
export interface Furniture {
  readonly services: readonly Service[];
  readonly access: Access;
  close(): Promise<void>;
}

/** Makes every service and fills in the ports through which they ask each other. */
export function furnish(house: House, dataFolder: string, dispatch: Dispatch): Furniture {
  const functions: Functions = new Map();
  const fromInside = (request: RawRequest): Promise<RawResponse> => dispatch(wireRequest(request.method, request.target, request.headers, request.body));
  const appConfigState = newAppConfigState();
  house.ports.configuration = configurationPort(appConfigState, () => house.kernel.now(), house.settings.appconfig.dataLagMs);
  const customResources = new CustomResources(house);
  const credentials = new CredentialStore(house);
  const pool = new Pool({
    house,
    dataFolder,
    credentials: (name, roleArn) => credentials.ofFunction(name, roleArn),
    engine: fromInside,
    doors: new Map([[`${customResources.host}:443`, async (request) => customResources.answer(request)]]),
    agent: (environment, sandbox) => agentInside(house, environment, sandbox),
  });
  const invoker = new Invoker(house, functions, pool);
  house.ports.lambda = invoker;
  const bus = new Bus(house);
  const objects = new Objects(house, join(dataFolder, 's3'));
  const parameters = new Parameters(house);
  const directory = new Directory(house);
  const keys = new Keys(house);
  const topics = new Topics(house);
  const access = new Access(house, {
    credentials,
    rooms: { functions, objects, keys, topics, directory },
    tables: actionTables(house, { appConfig: appConfigState, directory, keys, objects, topics }),
  });
  house.ports.access = access;
  house.ports.events = bus;
  house.ports.objects = objects;
  house.ports.parameters = parameters;
  house.ports.topics = topics;
  const byName = new Map<string, Service>();
  const services: readonly Service[] = [
    cloudFormation(house, () => byName, customResources),
    appConfig(house, appConfigState),
    appConfigData(house),
    cloudWatch(house),
    eventBridge(house, bus),
    iam(house, directory),
    kms(house, keys),
    lambda(house, functions, { code: new CodeFolder(dataFolder), pool, invoker }),
    logs(house),
    s3(house, objects),
    sns(house, topics),
    ssm(house, parameters, credentials),
    states(house, () => byName),
    sts(house, credentials, directory),
  ];
  for (const service of services) byName.set(service.name, service);
  return {
    access,
    services,
    close: () => pool.close(),
  };
}
