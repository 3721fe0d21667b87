import { CallerRights } from '../adapters/caller/rights.ts';
import { Alarms } from '../adapters/evidence/alarms.ts';
import { Traffic } from '../adapters/evidence/traffic.ts';
import { S3Store } from '../adapters/store/index.ts';
import type { ToldRights } from '../core/checkup/command.ts';
import { KEPT, partsOf, type Part, type PartNeeds, type PlaceArns } from '../core/checkup/duty.ts';
import { environmentKey } from '../core/layout.ts';
import type { Caller } from '../core/checkup/facts.ts';
import type { Connection } from './connection.ts';
import { faultOf } from './failure.ts';

/** Reads something, to see whether that is allowed; resolves to nothing when it is. */
type Trial = () => Promise<unknown>;

/** What the caller may do: as IAM simulates it, or, where that is not allowed, as harmless reads come out. @throws what keeps both from being told */
export async function toldRights(connection: Connection, caller: Caller, arns: PlaceArns): Promise<ToldRights> {
  // What the environment has not got cannot be allowed or denied.
  const parts = Object.fromEntries(Object.entries(partsOf(arns)).filter(([, needs]) => needs.length > 0)) as PartNeeds;
  const rights = await CallerRights.open(connection.options);
  try {
    const source = await rights.source(caller);
    if (source === undefined) return { by: 'root', lacking: Object.fromEntries(Object.keys(parts).map((part) => [part, []])) };
    return { by: 'iam:SimulatePrincipalPolicy', lacking: await rights.lacking(source, caller, parts) };
  } catch (error) {
    if (!isDenied(error)) throw error;
    return { by: 'reading', lacking: await tried(connection, arns, parts) };
  } finally {
    rights.close();
  }
}

function isDenied(error: unknown): boolean {
  return faultOf(error).code === 'SLUICE-AWS-3';
}

/** The actions that are denied of the parts that only read, one trial for each need. */
async function tried(connection: Connection, { bucket, alarms: [alarm] }: PlaceArns, parts: PartNeeds): Promise<ToldRights['lacking']> {
  const store = bucket === undefined ? undefined : await S3Store.open(bucket, connection.options);
  try {
    const [looked, listed] = await Promise.all([outcomes(parts, looks(connection, alarm)), outcomes(parts, store === undefined ? {} : { list: [() => store.list('doctor/')] })]);
    // Without s3:ListBucket S3 says of what is not there what it says of what is forbidden.
    const kept = store === undefined || listed['list']?.length !== 0 ? {} : await outcomes(parts, Object.fromEntries(KEPT.map((folder) => [`kept ${folder}`, [() => store.get(`${folder}/doctor`), deciphering(store, connection)]])));
    return { ...looked, ...listed, ...kept };
  } finally {
    store?.close();
  }
}

/** Reads what the stack says of the environment: that is encrypted as all is. @throws where there is none, which tells nothing */
function deciphering(store: S3Store, { place }: Connection): Trial {
  const key = environmentKey(place);
  return async () => {
    if (await store.get(key) === undefined) throw new Error(`the store holds no ${key}`);
  };
}

/** Trials of a part's needs, in their order. That the environment was found is proof of `find`. */
function looks({ plane, sight, place, names, options }: Connection, alarm: string | undefined): Partial<Record<Part, readonly Trial[]>> {
  const asking = async (ask: (alarms: Alarms, name: string) => Promise<unknown>): Promise<void> => {
    const alarms = await Alarms.open(options);
    await ask(alarms, alarm ?? 'none').finally(() => { alarms.close(); });
  };
  const counting = async (): Promise<void> => {
    const traffic = await Traffic.open(options);
    await traffic.totals(names, plane.now - 60_000, plane.now).finally(() => { traffic.close(); });
  };
  return {
    find: [],
    deployments: [() => plane.deployments(place, 1), () => sight.deployment(place, 1)],
    versions: [() => plane.version(place), () => plane.content(place, '1')],
    counts: [counting],
    ...(alarm === undefined ? {} : { alarms: [() => plane.monitors(place), () => asking((alarms, name) => alarms.now(name))], rings: [() => asking((alarms, name) => alarms.at(name, plane.now))] }),
  };
}

/** What trials come to: the actions that are denied; a part is left out when a trial failed for any other reason. */
async function outcomes(parts: PartNeeds, trials: Partial<Record<Part, readonly Trial[]>>): Promise<Partial<Record<Part, readonly string[]>>> {
  const told = await Promise.all(Object.entries(trials).map(async ([part, all]): Promise<[string, readonly string[] | undefined]> => {
    const needs = parts[part as Part] ?? [];
    const denied = await Promise.all(all.slice(0, needs.length).map(async (trial, at): Promise<readonly string[] | undefined> => {
      try {
        await trial();
        return [];
      } catch (error) {
        return isDenied(error) ? needs[at]?.actions ?? [] : undefined;
      }
    }));
    return [part, denied.includes(undefined) ? undefined : denied.flatMap((actions) => actions ?? [])];
  }));
  return Object.fromEntries(told.filter(([, actions]) => actions !== undefined));
}
