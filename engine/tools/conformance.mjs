// Runs the machines of ../shared/vectors/step-functions.json (what AWS itself answered) through the interpreter, and its
// sequences of API calls through the whole engine, in virtual time, and prints how many agree, by group:
// node engine/tools/conformance.mjs [--failures] [--only <text>]
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';
import { compareSequence, sequenceOutOfPart } from './conformance-api.mjs';
import { callsServices, playThrough } from './conformance-services.mjs';
import { behave, pythonJson } from './conformance-functions.mjs';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const VECTORS = join(resolve(ROOT, process.env.SLUICE_SHARED ?? '../shared'), 'vectors');
const NEEDED = 0.9;
const START = Date.UTC(2026, 0, 1);
const SERVICES = 'service integrations';
/** Later parts whose rows carry their tasks' outcomes, so that everything around the tasks can be compared already. */
const FED = [SERVICES, 'activities'];

if (!existsSync(join(VECTORS, 'step-functions.json'))) {
  console.log(`conformance: no vectors at ${VECTORS}; nothing was compared`);
  process.exit(0);
}

const engine = await load();
const { compareExecution, compareValue } = await import(pathToFileURL(join(VECTORS, 'step-functions.compare.mjs')).href);
const options = { failures: process.argv.includes('--failures'), only: argument('--only') };
const rows = Object.values(JSON.parse(readFileSync(join(VECTORS, 'step-functions.json'), 'utf8')));
await main();

async function main() {
  const groups = new Map();
  const excluded = new Map();
  const fed = { passed: 0, total: 0 };
  for (const row of rows.filter((candidate) => !options.only || candidate.id.includes(options.only))) {
    const reason = outOfPart(row);
    if (reason) {
      excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
      if (FED.includes(reason) && row.mode === 'recorded_tasks') tally(row, await compare(row), fed);
      continue;
    }
    const group = groups.get(row.group) ?? { passed: 0, total: 0 };
    groups.set(row.group, group);
    tally(row, await compare(row), group);
  }
  report(groups, excluded, fed);
}

function tally(row, differences, group) {
  group.total += 1;
  if (differences.length === 0) group.passed += 1;
  else if (options.failures) console.log(`${row.id}\n  ${differences.slice(0, 3).join('\n  ')}`);
}

/** Why a row is not of this part; undefined when it is. Every row is either run or counted under one reason. */
function outOfPart(row) {
  if (row.kind.startsWith('execution_') && row.kind !== 'execution_output_only') return 'express workflows';
  if (row.kind === 'test_state') return 'TestState';
  if (row.kind === 'api') return isValidation(row) ? undefined : sequenceOutOfPart(row, engine.refusedFeatures);
  if (row.queryLanguage !== 'JSONPath') return 'JSONata';
  if (callsServices(row)) return undefined;
  const [feature] = engine.refusedFeatures(JSON.stringify(row.definition));
  if (feature?.startsWith('the service integration')) return SERVICES;
  return feature;
}

function isValidation(row) {
  return row.calls.every((call) => call.op === 'validate_state_machine_definition');
}

async function compare(row) {
  try {
    if (row.kind === 'api') return isValidation(row) ? compareValidation(row) : await compareSequence(row, compareValue);
    if (callsServices(row)) return compareExecution(row, masked(row, await throughEngine(row)));
    return compareExecution(row, masked(row, await run(row)));
  } catch (error) {
    return [`threw ${error.stack}`];
  }
}

/** A row played on the whole engine, its services called. */
async function throughEngine(row) {
  const answer = await playThrough(row, inputText(row));
  return { ...answer, events: answer.events.map((event) => shape({ ...event, id: Number(event.id), previousEventId: Number(event.previousEventId) })) };
}

function compareValidation(row) {
  const ctx = { diffs: [], bind: new Map(), bare: new Set() };
  for (const call of row.calls) {
    const diagnostics = engine.validateDefinition(call.params.definition);
    const result = diagnostics.some((each) => each.severity === 'ERROR') ? 'FAIL' : 'OK';
    compareValue(call.recorded.response, { diagnostics, result, truncated: false }, ctx);
  }
  return ctx.diffs;
}

/** Runs a row on the kernel's virtual clock; the functions it needs behave as the row says. */
async function run(row) {
  const problems = engine.validateDefinition(JSON.stringify(row.definition)).filter((each) => each.severity === 'ERROR');
  if (problems.length > 0) throw new Error(`refused: ${JSON.stringify(problems)}`);
  const kernel = new engine.Kernel({ mode: 'virtual', start: START });
  const draws = new engine.Draws('conformance');
  const events = [];
  const port = {
    now: () => kernel.now(),
    sleep: (ms) => kernel.sleep(ms),
    random: () => draws.number('random'),
    uuid: () => draws.uuid('uuid'),
    record: (event) => { events.push(event); },
    invokeTask: row.mode === 'recorded_tasks' ? feeder(row) : (call) => engine.invokeLambdaTask(call, (call_) => invoke(row, call_, kernel, draws), kernel.now()),
  };
  const machine = engine.compile(JSON.stringify(row.definition));
  const answered = kernel.awaitOutside();
  const outcome = await new Promise((resolve_, reject) => {
    kernel.spawn('execution', async () => {
      try {
        resolve_(await engine.execute(machine, request(row), port, new engine.Cancellation()));
      } catch (error) {
        reject(new Error('the interpreter threw', { cause: error }));
      }
      answered();
      kernel.stop();
    });
    kernel.run().catch(reject);
  });
  const { status, error, cause } = outcome;
  return { status, error: error ?? null, cause: cause ?? null, output: outcome.output && JSON.parse(outcome.output), events: events.map(shape) };
}

function request(row) {
  const roleArn = 'arn:aws:iam::111111111111:role/sfn-role-00000001';
  const redriven = Date.parse(row.recorded_date.replace(/^(\d+)-(\d+)-(\d+).*$/, '$3-$2-$1')) >= Date.parse('2023-11-15');
  return {
    input: inputText(row),
    roleArn,
    context: {
      Execution: {
        Id: 'arn:aws:states:us-east-1:111111111111:execution:machine:execution',
        Name: 'execution',
        RoleArn: roleArn,
        StartTime: new Date(START).toISOString(),
        // AWS put RedriveCount into the context object with redrive, in November 2023.
        ...(redriven ? { RedriveCount: 0 } : {}),
      },
      StateMachine: { Id: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine', Name: 'machine' },
    },
  };
}

/** Answers tasks with their recorded outcomes, in order by state; one that timed out is never answered. */
function feeder(row) {
  const left = [...row.task_results ?? []];
  return async (call) => {
    const result = left.splice(left.findIndex((each) => each.state === call.stateName), 1)[0];
    const submitted = row.recorded.events.find((event) => event.type === 'TaskSubmitted' && event.id > result.entered_event_id && event.id <= result.outcome_event_id);
    if (submitted) call.submitted(text(submitted.details.output));
    if (result.outcome === 'timeout') return new Promise(() => {});
    return result.outcome === 'ok' ? { kind: 'succeeded', output: text(result.output) } : { kind: 'failed', error: result.error, cause: text(result.cause) };
  };
}

/** A JSON text, whether the recording kept it as text or parsed it. */
function text(value) {
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}

/** What StartExecution was given: scalars and arrays are in the recording as they were sent, objects were parsed. */
function inputText(row) {
  const recorded = row.recorded.events?.[0]?.details.input;
  if (typeof recorded === 'string' && isDeepStrictEqual(JSON.parse(recorded), row.input)) return recorded;
  return row.input_omitted ? '{}' : pythonJson(row.input);
}

/**
 * Our answer as the recording shows its own: names the suite masked by a bare word are masked, and JSON texts of events
 * that the recording parsed (some arrays) are parsed.
 */
function masked(row, actual) {
  const words = (row.placeholders ?? []).filter(({ regex, replacement }) => /^[\w-]+$/.test(regex) && /^[\w-]+$/.test(replacement));
  const text = words.reduce((answer, { regex, replacement }) => answer.replaceAll(regex, replacement), JSON.stringify(actual));
  const answer = JSON.parse(text);
  for (const [at, event] of answer.events.entries()) {
    for (const key of ['input', 'output']) {
      if (Array.isArray(row.recorded.events?.[at]?.details[key]) && typeof event.details[key] === 'string') event.details[key] = JSON.parse(event.details[key]);
    }
  }
  return answer;
}

async function invoke(row, { functionArn, payload }, kernel, draws) {
  const name = functionArn.replace(/^.*:function:/, '').replace(/:.*$/, '');
  const lambda = row.lambda_functions_needed?.find((each) => each.name === name);
  if (!lambda) {
    throw Object.assign(new Error(`Function not found: arn:aws:lambda:us-east-1:111111111111:function:${name}:$LATEST`), { code: 'ResourceNotFoundException', status: 404 });
  }
  const requestId = draws.uuid('request');
  const answer = await behave(lambda.behaviour, payload, requestId, (ms) => kernel.sleep(ms));
  return { executedVersion: '$LATEST', requestId, logTail: '', ...answer };
}

/** An event as the comparator reads it: id, prev, type and the details, whatever their key. */
function shape({ id, previousEventId, type, timestamp, ...rest }) {
  return { id, prev: previousEventId, type, timestamp, details: Object.values(rest)[0] ?? {} };
}

function report(groups, excluded, fed) {
  let passed = 0;
  let total = 0;
  console.log('rows of this part (JSONPath, standard, inline Map, Lambda tasks and calls of the services the engine has), by group:');
  for (const [name, group] of [...groups].sort()) {
    console.log(`  ${name.padEnd(26)} ${String(group.passed).padStart(4)} / ${group.total}`);
    passed += group.passed;
    total += group.total;
  }
  console.log('rows of later parts, left out by their first feature:');
  for (const [reason, count] of [...excluded].sort()) console.log(`  ${reason.padEnd(56)} ${String(count).padStart(4)}`);
  console.log(`of these, with their tasks' recorded outcomes fed, not counted: ${fed.passed} / ${fed.total}`);
  const share = total === 0 ? 1 : passed / total;
  console.log(`agree: ${passed} of ${total} (${(share * 100).toFixed(1)} %, ${NEEDED * 100} % needed)`);
  if (share < NEEDED) process.exitCode = 1;
}

function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The interpreter and the kernel, built from source, so that a stale build is never what is measured. */
async function load() {
  const contents = ['states/asl/index', 'kernel/kernel', 'kernel/draws'].map((file) => `export * from './${file}.ts';`).join('\n');
  const built = await build({ stdin: { contents, resolveDir: join(ROOT, 'engine/lib'), loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'error' });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`);
}
