import { Bus } from '../adapters/bus/bus.ts';
import { Identity } from '../adapters/caller/identity.ts';
import { CallerRights } from '../adapters/caller/rights.ts';
import { Alarms } from '../adapters/evidence/alarms.ts';
import { Functions, type FoundFunction } from '../adapters/functions.ts';
import { together } from '../adapters/peer.ts';
import { AppConfigPlane } from '../adapters/plane/index.ts';
import { S3Store } from '../adapters/store/index.ts';
import { commandRights, dutyRights } from '../core/checkup/command.ts';
import { turnoverOf } from '../core/checkup/cost.ts';
import type { PlaceArns } from '../core/checkup/duty.ts';
import type { Caller, FunctionFacts, PlaceDetail, PlaceFacts, Seen } from '../core/checkup/facts.ts';
import { Connection } from './connection.ts';
import { toldRights } from './entitlement.ts';
import { faultOf } from './failure.ts';
import { monitorsOf } from './monitors.ts';
import { nameOf, type Spot } from './spots.ts';

/** How many deployments are looked through for those of a month. */
const MOST_DEPLOYMENTS = 1000;

/** One environment as it was looked at. */
export interface Examined {
  readonly facts: PlaceFacts;
  /** How far AWS's clock is ahead of this machine's, milliseconds; nothing when AWS did not answer. */
  readonly aheadMs?: number;
}

/** What an attempt comes to: what was seen, or why it was not. */
export async function attempted<Value>(look: () => Promise<Value>): Promise<Seen<Value>> {
  try {
    return { seen: await look() };
  } catch (error) {
    const { code, message, remedy } = faultOf(error);
    return { hidden: { code, text: message.slice(code.length + 2, -(remedy.length + 2)), remedy } };
  }
}

/** Who asks. @throws Fault `SLUICE-PEER-1`, one for all packages that are not installed. */
export async function callerOf(): Promise<Seen<Caller>> {
  const clients = await together(Identity.open(), CallerRights.open(), AppConfigPlane.open(), S3Store.open('any'), Alarms.open(), Functions.open(), Bus.open());
  try {
    return await attempted(() => clients[0].caller());
  } finally {
    for (const client of clients) client.close();
  }
}

/** Looks at all that hangs on an environment. */
export async function examined(spot: Spot, caller: Caller): Promise<Examined> {
  const [place, profile] = [nameOf(spot), spot.profile];
  const opened = await attempted(() => Connection.open(spot, spot.region));
  if ('hidden' in opened) return { facts: { place, profile, ids: opened } };
  const connection = opened.seen;
  try {
    const more = await detailOf(connection, { ...caller, region: spot.region ?? caller.region });
    const { applicationId, environmentId, profileId } = connection.place;
    return { facts: { place, profile, ids: { seen: { applicationId, environmentId, profileId } }, more }, aheadMs: connection.plane.now - Date.now() };
  } finally {
    connection.close();
  }
}

async function detailOf(connection: Connection, caller: Caller): Promise<PlaceDetail> {
  const { sight, place, plane, names } = connection;
  const [store, key, validators, extensions, monitors, releases] = await Promise.all([
    attempted(() => storeOf(connection)), attempted(() => sight.key(place)), attempted(() => sight.validators(place)), attempted(() => sight.extensions(place)), attempted(() => monitorsOf(connection)),
    attempted(async () => turnoverOf(await plane.deployments(place, MOST_DEPLOYMENTS), names.profile, plane.now)),
  ]);
  const arns = [
    ...('seen' in validators ? validators.seen.flatMap(({ functionArn }) => (functionArn === undefined ? [] : [functionArn])) : []),
    ...('seen' in extensions ? extensions.seen.flatMap(({ uris }) => uris) : []),
  ];
  const alarms = 'seen' in monitors ? monitors.seen.map(({ name }) => name) : [];
  const owned = arnsOf(connection, caller, { alarms, ...('seen' in store ? { bucket: store.seen } : {}), ...('seen' in key && key.seen !== undefined ? { key: key.seen } : {}) });
  const [functions, told] = await Promise.all([attempted(() => functionsOf(connection, arns)), attempted(() => toldRights(connection, caller, owned))]);
  return {
    store, validators: 'seen' in validators ? { seen: validators.seen.map(({ type }) => type) } : validators, extensions, monitors, functions, releases,
    ...('seen' in told ? { rights: { seen: dutyRights(told.seen, owned) }, commands: { by: told.seen.by, rights: commandRights(told.seen) } } : { rights: told }),
  };
}

/** The store's bucket, once something in it could be asked for. */
async function storeOf(connection: Connection): Promise<string> {
  await connection.epochs.approvals(connection.place, 'none');
  return connection.bucket;
}

/** Those that AppConfig asks, and those that are told by their variables to work for the environment. */
async function functionsOf({ names, options }: Connection, arns: readonly string[]): Promise<FunctionFacts[]> {
  const [functions, bus] = await Promise.all([Functions.open(options), Bus.open(options)]);
  const concerned = ({ arn, variables }: FoundFunction): boolean => arns.includes(arn)
    || (variables['SLUICE_APPLICATION'] === names.application && variables['SLUICE_ENVIRONMENT'] === names.environment);
  try {
    return await Promise.all((await functions.all()).filter(concerned).map(async ({ name, arn, variables, layers }): Promise<FunctionFacts> => {
      const { SLUICE_HANDLER: handler, SLUICE_VERSION: version } = variables;
      if (handler === undefined) return { name, layers, rules: { seen: [] } };
      const [state, rules] = await Promise.all([functions.state(name), attempted(() => bus.rulesOf(arn))]);
      return { name, handler, state, layers, rules, variables, ...(version === undefined ? {} : { version }) };
    }));
  } finally {
    functions.close();
    bus.close();
  }
}

/** What the ARNs of an environment are made of. */
function arnsOf({ place: { applicationId, environmentId, profileId } }: Connection, { arn, account, region, userId }: Caller, { bucket, key, alarms }: Pick<PlaceArns, 'bucket' | 'key' | 'alarms'>): PlaceArns {
  return { partition: arn.split(':')[1] ?? 'aws', region, account, userId, applicationId, environmentId, profileId, alarms, ...(bucket === undefined ? {} : { bucket }), ...(key === undefined ? {} : { key }) };
}
