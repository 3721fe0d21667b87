import { agentLayerOf, newestWithoutEntities } from '../agentAge.ts';
import { fault } from '../fault.ts';
import { EXAMINING } from '../faults/examining.ts';
import { costed } from './cost.ts';
import { DUTIES, type Duty } from './duty.ts';
import type { ToldBy } from './command.ts';
import type { CallerFacts, CommandRights, ExtensionFacts, FunctionFacts, MonitorFacts, PlaceDetail, PlaceFacts, Rights } from './facts.ts';
import { ill, ofSeen, well, type CheckFinding } from './finding.ts';

/** From how many seconds on a clock is worth a warning, and from how many AWS refuses what it signed. */
const SKEW = { warn: 60, fail: 300 } as const;
/** The extension by which AppConfig tells the default bus, which AWS made. */
const TELLING = 'AWS.AppConfig.DeploymentNotificationsToEventBridge';
/** Handlers that nothing but rules calls; `settle` by one for each workflow, of which there may be none. */
const CALLED = ['roll-back', 'settle'] as const;

/** What is found of whoever asks and of the machine, from facts alone. */
export function ofCaller({ version, node, caller, aheadMs }: CallerFacts): readonly CheckFinding[] {
  return [
    well('version', `sluice ${version} on Node.js ${node}`),
    'seen' in caller
      ? well('credentials', `${caller.seen.arn} in ${caller.seen.region}`)
      : { level: 'fail', check: 'credentials', ...caller.hidden },
    ...(aheadMs === undefined ? [] : [clock(Math.round(aheadMs / 1000))]),
  ];
}

/** What is found of one environment, from facts alone; `version` is that of the command line. */
export function ofPlace({ place, ids, profile, more }: PlaceFacts, version: string): readonly CheckFinding[] {
  if ('hidden' in ids) return [{ level: 'fail', check: 'stack', ...ids.hidden }];
  const { applicationId, environmentId, profileId } = ids.seen;
  const stack = well('stack', `application ${applicationId}, environment ${environmentId}, profile ${profileId}`);
  return more === undefined ? [stack] : [stack, ...detailed(more, profile, version), ...costs(more, place)];
}

function detailed({ store, validators, extensions, monitors, functions, rights, commands }: PlaceDetail, profile: string, version: string): readonly CheckFinding[] {
  return [
    'seen' in store ? well('store', store.seen) : { level: 'fail', check: 'store', ...store.hidden },
    ...ofSeen(validators, 'validators', 'validators', (types) => validated(types, profile)),
    ...ofSeen(extensions, 'extensions', 'extensions', extended),
    ...ofSeen(monitors, 'monitor', 'the alarms', monitored),
    ...ofSeen(functions, 'handlers', 'functions', (all) => [...handled(all, version), ...read(all)]),
    ...ofSeen(rights, 'permissions', 'what you may do', permitted),
    ...(commands === undefined ? [] : [well('commands', commanded(commands))]),
  ];
}

function costs({ functions, releases }: PlaceDetail, place: string): readonly CheckFinding[] {
  return 'seen' in functions ? ofSeen(releases, 'costs', 'releases', (turnover) => costed(place, functions.seen, turnover)) : [];
}

function clock(seconds: number): CheckFinding {
  const off = Math.abs(seconds);
  if (off < SKEW.warn) return well('clock', 'as AWS\'s');
  return ill(off < SKEW.fail ? 'warn' : 'fail', 'clock', fault(EXAMINING, 'SLUICE-DOCTOR-1', { seconds: off }));
}

function validated(types: readonly string[], profile: string): readonly CheckFinding[] {
  const missing = ['JSON_SCHEMA', 'LAMBDA'].filter((type) => !types.includes(type));
  return [missing.length === 0 ? well('validators', types.join(', ')) : ill('fail', 'validators', fault(EXAMINING, 'SLUICE-DOCTOR-2', { profile, missing: missing.join(' and none of type ') }))];
}

function extended(extensions: readonly ExtensionFacts[]): readonly CheckFinding[] {
  const points = new Set(extensions.flatMap((one) => one.points));
  const missing = ['PRE_CREATE_HOSTED_CONFIGURATION_VERSION', 'PRE_START_DEPLOYMENT'].filter((point) => !points.has(point));
  return [
    missing.length === 0 ? well('gate', 'before each version and each deployment') : ill('fail', 'gate', fault(EXAMINING, 'SLUICE-DOCTOR-3', { points: missing.join(' and ') })),
    points.has('AT_DEPLOYMENT_TICK') ? well('judge', 'at each tick of a deployment') : ill('warn', 'judge', fault(EXAMINING, 'SLUICE-DOCTOR-4', {})),
    extensions.some(({ id }) => id === TELLING) ? well('events', 'deployments are told to the default bus') : ill('fail', 'events', fault(EXAMINING, 'SLUICE-DOCTOR-5', {})),
  ];
}

function monitored(monitors: readonly MonitorFacts[]): readonly CheckFinding[] {
  if (monitors.length === 0) return [ill('fail', 'monitor', fault(EXAMINING, 'SLUICE-DOCTOR-6', {}))];
  return monitors.flatMap(({ name, state, actionsEnabled }) => [
    ...(state === 'OK' ? [] : [ill(state === 'ALARM' ? 'fail' : 'warn', 'monitor', fault(EXAMINING, 'SLUICE-DOCTOR-7', { alarm: name, state }))]),
    ...(actionsEnabled ? [] : [ill('warn', 'monitor', fault(EXAMINING, 'SLUICE-DOCTOR-8', { alarm: name }))]),
    ...(state === 'OK' && actionsEnabled ? [well('monitor', `${name} is OK`)] : []),
  ]);
}

/** Sluice's own handlers: there, active, called, and as old as the command line. */
function handled(all: readonly FunctionFacts[], version: string): readonly CheckFinding[] {
  const handlers = all.flatMap(({ handler, ...one }) => (handler === undefined ? [] : [{ handler, ...one }]));
  const absent = CALLED.filter((name) => !handlers.some(({ handler }) => handler === name));
  const wrong = [
    ...absent.map((handler) => ill('fail', 'handlers', fault(EXAMINING, 'SLUICE-DOCTOR-13', { handler }))),
    ...handlers.flatMap(({ name, handler, state = 'Active' }) => (state === 'Active' ? [] : [ill('fail', 'handlers', fault(EXAMINING, 'SLUICE-DOCTOR-12', { name, handler, state }))])),
    ...handlers.flatMap(({ handler, version: got = 'none' }) => (got === version ? [] : [ill('warn', 'handlers', fault(EXAMINING, 'SLUICE-DOCTOR-14', { handler, got, version }))])),
  ];
  const names = [...new Set(handlers.map(({ handler }) => handler))].sort().join(', ');
  return [...(wrong.length === 0 ? [well('handlers', `${names}; version ${version}`)] : wrong), ...ruled(handlers)];
}

function ruled(handlers: readonly (FunctionFacts & { readonly handler: string })[]): readonly CheckFinding[] {
  const called = handlers.filter(({ handler }) => CALLED.some((name) => name === handler));
  const wrong = called.flatMap(({ name, handler, rules }) => ofSeen(rules, 'rules', `rules of ${name}`, (all) => [
    ...(all.length === 0 && handler === 'roll-back' ? [ill('fail', 'rules', fault(EXAMINING, 'SLUICE-DOCTOR-11', { handler, name }))] : []),
    ...all.filter(({ enabled }) => !enabled).map((rule) => ill('fail', 'rules', fault(EXAMINING, 'SLUICE-DOCTOR-10', { handler, rule: rule.name }))),
  ]));
  const count = new Set(called.flatMap(({ rules }) => ('seen' in rules ? rules.seen.map(({ name }) => name) : []))).size;
  return wrong.length > 0 || called.length === 0 ? wrong : [well('rules', `${count} enabled, for ${called.map(({ handler }) => handler).sort().join(' and ')}`)];
}

/** Functions with the agent: one that is known to ignore Entity-Id is a fault. */
function read(all: readonly FunctionFacts[]): readonly CheckFinding[] {
  const readers = all.flatMap(({ name, layers }) => layers.flatMap((arn) => {
    const layer = agentLayerOf(arn);
    return layer === undefined ? [] : [{ name, arn, ...layer }];
  }));
  if (readers.length === 0) return [well('agent', 'no function reads with it')];
  const old = readers.filter(({ region, arm, version }) => version <= newestWithoutEntities(region, arm));
  if (old.length === 0) return [well('agent', `layer ${[...new Set(readers.map(({ version }) => version))].join(', ')} of ${readers.length} function${readers.length === 1 ? '' : 's'} heeds Entity-Id`)];
  return old.map(({ name, arn, region, arm }) => ill('fail', 'agent', fault(EXAMINING, 'SLUICE-DOCTOR-15', { name, layer: arn.slice(arn.indexOf(':layer:') + 7), most: newestWithoutEntities(region, arm) })));
}

/** Who looks must see all; the other duties are divided among people, so that only half a one is suspicious. */
function permitted(rights: readonly Rights[]): readonly CheckFinding[] {
  const may = rights.filter(({ lacking }) => lacking.length === 0).map(({ duty }) => duty);
  const not = rights.filter(({ duty, lacking, of }) => duty !== 'look' && lacking.length === of).map(({ duty }) => duty);
  const half = rights.filter(({ lacking, of }) => lacking.length > 0 && lacking.length < of);
  const blind = rights.find(({ duty, lacking }) => duty === 'look' && lacking.length > 0);
  return [
    ...(blind === undefined ? [] : [ill('fail', 'permissions', fault(EXAMINING, 'SLUICE-DOCTOR-17', { lacking: blind.lacking.join(', ') }))]),
    ...half.flatMap(({ duty, lacking }) => (duty === 'look' ? [] : [ill('warn', 'permissions', fault(EXAMINING, 'SLUICE-DOCTOR-16', { duty, lacking: lacking.join(', ') }))])),
    ...(may.length === 0 ? [] : [well('permissions', `you may ${listed(may)}${not.length === 0 ? '' : `, not ${listed(not)}`}`)]),
  ];
}

/** What may be run and what may not, and by which way that is known. */
function commanded({ by, rights }: CommandRights): string {
  const names = (may: boolean | null): string => rights.filter((one) => one.may === may).map(({ command }) => command).join(', ');
  const [yes, no, unknown] = [names(true), names(false), names(null)];
  const told = [...(yes === '' ? [] : [`you may run ${yes}`]), ...(no === '' ? [] : [`not ${no}`]), ...(unknown === '' ? [] : [`not told of ${unknown}`])];
  return `${told.join('; ')} (${WAYS[by]})`;
}

const WAYS: Readonly<Record<ToldBy, string>> = {
  'root': 'the root user may do all',
  'iam:SimulatePrincipalPolicy': 'as iam:SimulatePrincipalPolicy tells',
  'reading': 'as reading was tried; of writing only iam:SimulatePrincipalPolicy and iam:GetRole tell',
};

function listed(duties: readonly Duty[]): string {
  return duties.map((duty) => (duty === 'look' ? 'look' : DUTIES[duty])).join(', ');
}
