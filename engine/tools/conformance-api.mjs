// Replays recorded sequences of API calls against an engine on virtual time, through the official client, and says where
// its answers differ from AWS's. conformance.mjs counts them.
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as sdk from '@aws-sdk/client-sfn';
import { build } from 'esbuild';

// The official client runs on the oldest Node.js the project supports, and would say so each time.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const LIB = resolve(fileURLToPath(import.meta.url), '../../lib');
const COMMANDS = new Map(Object.entries(sdk));
const ACCOUNT = '111111111111';
const SECOND = 1000;
/** How long a replay waits for what AWS was waited for, in virtual seconds. */
const PATIENCE = 3600;
/** When AWS put encryptionConfiguration into its descriptions: rows recorded before do not have it. */
const ENCRYPTION_SINCE = '2024-07-25';

/** Why a sequence is not of this part; undefined when it is. */
export function sequenceOutOfPart(row, refusedFeatures) {
  if (row.calls.some(({ op }) => op.includes('activity'))) return 'activities';
  for (const { params, raises } of row.calls) {
    if (raises || params.definition === undefined || params.definition === null) continue;
    if (params.type === 'EXPRESS') return 'express workflows';
    const [feature] = refusedFeatures(params.definition);
    if (feature) return feature.startsWith('JSONata') ? 'JSONata' : feature;
  }
  return undefined;
}

/** Plays a row's calls in order and lists where an answer differs from the recorded one. */
export async function compareSequence(row, compareValue) {
  const { startEngine, inProcess } = await library();
  const engine = await startEngine({ clock: 'virtual', port: false, account: ACCOUNT, seed: row.id });
  const client = new sdk.SFNClient({
    region: engine.region, endpoint: 'http://localhost', maxAttempts: 1,
    credentials: { accessKeyId: 'conformance', secretAccessKey: 'conformance' },
    requestHandler: inProcess(engine.dispatch),
  });
  const ctx = { diffs: [], bind: new Map(), bare: new Set(replacements(row).filter((word) => !word.startsWith('<'))) };
  const answers = [];
  try {
    for (const call of row.calls) answers.push(await play(row, call, { engine, client, answers, ctx, compareValue }));
  } finally {
    await engine.close();
  }
  return ctx.diffs;
}

async function play(row, call, { engine, client, answers, ctx, compareValue }) {
  if (call.recorded?.error?.client_side) return undefined;
  const params = filled(call.params, answers);
  if (call.op.startsWith('$await_')) return waitFor(call.op, params, engine, client);
  const where = `call ${call.i} ${call.op}`;
  const { response, error } = await send(client, call.op, params);
  const expected = call.recorded?.error;
  if (expected || call.raises) {
    if (!error) ctx.diffs.push(`${where}: ${expected?.code ?? 'a refusal'} expected, got an answer`);
    else if (expected) compareRefusal(row, expected, error, where, ctx, compareValue);
    return undefined;
  }
  if (error) ctx.diffs.push(`${where}: an answer expected, got ${error.name}: ${error.message}`);
  else if (call.recorded) compareValue(call.recorded.response, masked(row, dated(row, response)), ctx, where);
  return response;
}

function compareRefusal(row, expected, error, where, ctx, compareValue) {
  if (expected.code !== error.name) ctx.diffs.push(`${where}: ${expected.code} expected, got ${error.name}: ${error.message}`);
  else compareValue(expected.message, masked(row, error.message), ctx, where);
  const status = error.$metadata?.httpStatusCode;
  if (expected.http_status && expected.http_status !== status) ctx.diffs.push(`${where}: status ${expected.http_status} expected, got ${status}`);
}

async function send(client, op, params) {
  const name = op.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  try {
    const Command = COMMANDS.get(`${name}Command`);
    return { response: await client.send(new Command(params)) };
  } catch (error) {
    return { error };
  }
}

/** Parameters with `{{N.member}}` replaced by that member of call N's answer. */
function filled(params, answers) {
  const text = JSON.stringify(params);
  const full = text.replace(/\{\{(\d+)\.(\w+)\}\}/g, (_, at, member) => JSON.stringify(answers[Number(at)]?.[member] ?? '').slice(1, -1));
  return JSON.parse(full, (_, value) => value ?? undefined);
}

/** Lets virtual time run, second by second, until what the recording waited for is so. */
async function waitFor(op, params, engine, client) {
  const reached = CONDITIONS[op];
  if (!reached) throw new Error(`conformance does not know the condition ${op}`);
  for (let second = 0; second <= PATIENCE; second += 1) {
    if (await reached(client, params)) return undefined;
    await engine.clock.advance(SECOND);
  }
  throw new Error(`${op} ${JSON.stringify(params)} was not so after ${PATIENCE} virtual seconds`);
}

const ended = async (client, { execution_arn: executionArn }) => (await client.send(new sdk.DescribeExecutionCommand({ executionArn }))).status;
const aliases = async (client, { state_machine_arn: stateMachineArn, state_machine_alias_arn: arn }) => (
  (await client.send(new sdk.ListStateMachineAliasesCommand({ stateMachineArn }))).stateMachineAliases.some((each) => each.stateMachineAliasArn === arn));

const CONDITIONS = {
  $await_execution_terminated: async (client, params) => (await ended(client, params)) !== 'RUNNING',
  $await_execution_success: async (client, params) => (await ended(client, params)) === 'SUCCEEDED',
  $await_execution_aborted: async (client, params) => (await ended(client, params)) === 'ABORTED',
  $await_state_machine_listed: async (client, { state_machine_arn: arn }) => (
    (await client.send(new sdk.ListStateMachinesCommand({}))).stateMachines.some((each) => each.stateMachineArn === arn)),
  $await_state_machine_version_listed: async (client, { state_machine_arn: stateMachineArn, state_machine_version_arn: arn }) => (
    (await client.send(new sdk.ListStateMachineVersionsCommand({ stateMachineArn }))).stateMachineVersions.some((each) => each.stateMachineVersionArn === arn)),
  $await_state_machine_alias_is_created: aliases,
  $await_state_machine_alias_is_deleted: async (client, params) => !(await aliases(client, params)),
  $await_list_execution_status: async (client, { state_machine_arn: stateMachineArn, execution_arn: arn, status }) => (
    (await client.send(new sdk.ListExecutionsCommand({ stateMachineArn, statusFilter: status }))).executions.some((each) => each.executionArn === arn)),
};

/** An answer of its day, with dates masked as the recording masks them. */
function dated(row, value, key = '') {
  if (value instanceof Date) return key === 'timestamp' ? 'timestamp' : 'datetime';
  if (Array.isArray(value)) return value.map((item) => dated(row, item));
  if (typeof value !== 'object' || value === null) return value;
  const hidden = recordedOn(row) < ENCRYPTION_SINCE ? ['$metadata', 'encryptionConfiguration'] : ['$metadata'];
  const members = Object.entries(value).filter(([name, member]) => member !== undefined && !hidden.includes(name));
  return Object.fromEntries(members.map(([name, member]) => [name, dated(row, member, name)]));
}

/** `DD-MM-YYYY, hh:mm:ss` as `YYYY-MM-DD`. */
function recordedOn(row) {
  return row.recorded_date.replace(/^(\d+)-(\d+)-(\d+).*$/, '$3-$2-$1');
}

/** A value with the names replaced that the recording masks by a bare word, the longest first. */
function masked(row, value) {
  const words = (row.placeholders ?? [])
    .filter(({ regex, replacement }) => regex && /^[\w:./-]+$/.test(regex) && !replacement.startsWith('<'))
    .toSorted((one, other) => other.regex.length - one.regex.length);
  const text = words.reduce((all, { regex, replacement }) => all.replaceAll(regex, replacement), JSON.stringify(value));
  // The suite masks its log groups too, by a rule that the recordings do not carry.
  return JSON.parse(text.replace(/:log-group:[\w/-]+/g, ':log-group:log_group_name'));
}

function replacements(row) {
  return (row.placeholders ?? []).map(({ replacement }) => replacement).filter(Boolean);
}

let loaded;

/** The engine, built from source, so that a stale build is never what is measured; its models lie beside the source. */
export function library() {
  loaded ??= build({
    entryPoints: [join(LIB, 'index.ts')], bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'error',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(LIB, 'home.ts')).href) },
  }).then((built) => import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`));
  return loaded;
}
