// Writes engine/operations.md: what the engine implements, and what of the same services it refuses by name.
// `npm run operations`; a test compares the file with the code.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const LIB = new URL('../lib/', import.meta.url);
const { allProviders, Draws, furnish, History, Kernel, loadModel, modelEntries, settingsOf } = await load();

/** What each service leaves out within the operations it has; the rest of the page comes from the code itself. */
const LIMITS = {
  appconfig: ['Extension actions invoke Lambda functions and EventBridge; SQS and SNS targets are refused by name.'],
  appconfigdata: ['Feature flags are served as JSON, with each flag\'s default variant: Amazon Ion, which AWS\'s own agent asks for before anything else, is left out (who accepts nothing else is refused by name), and so is the Last-Modified that it is given.'],
  cloudformation: [
    'Templates in JSON and YAML with their short forms. Transforms, macros, nested stacks, imports, hooks, stack policies, rollback triggers, drift, CreationPolicy and UpdatePolicy are refused by name; ImportExistingResources, which cdk bootstrap asks for, makes new resources only. Of a resource that is made, events tell `Resource creation Initiated`; `Eventual consistency check initiated`, which AWS adds for some types, is left out.',
    `Resource types: ${['AWS::CloudFormation::CustomResource', 'Custom::*', ...allProviders().map(({ type }) => type)].sort().join(', ')}.`,
    `Stored with their stacks, and without effect: ${keptOnly().join('; ')}.`,
  ],
  cloudwatch: ['Metric math has arithmetic, comparison, AND and OR, SUM, AVG, MIN, MAX, ABS, CEIL, FLOOR, IF, FILL, METRICS, TIME_SERIES, FIRST, LAST and PERIOD; other functions and trimmed statistics are refused by name.'],
  'cloudwatch-logs': ['A group keeps at most 20,000 events or 16 million characters; the oldest go first.'],
  eventbridge: ['The default bus only. Targets: Lambda functions, state machines and topics.'],
  iam: ['Roles and managed policies; no users, groups, instance profiles or permissions boundaries. Policies are evaluated for every call and for what services do with the roles they are given; IpAddress, NotIpAddress, BinaryEquals, NotPrincipal and federated principals are refused by name. ReadOnlyAccess has the actions of the services here.'],
  kms: ['Symmetric keys for encryption, of AWS\'s own material and one region; no grants.'],
  sns: ['Standard topics, whose policies are evaluated; functions are subscribed and told, without a signature (it reads EXAMPLE). An email address stays pending, since nobody confirms it. Other protocols, filter policies, raw delivery and FIFO topics are refused by name; in a template a subscription by another protocol is stored with its stack, without effect.'],
  lambda: ['Node.js functions from zip archives, 32 sandboxes at most; other runtimes, images and destinations are refused by name.'],
  sfn: ['Standard machines in JSONPath with Lambda tasks and child executions (states:startExecution, .sync, .sync:2), events:putEvents, and aws-sdk:service:action for every operation listed here, by the machine\'s role; JSONata, distributed Map, express machines, activities and other service integrations are refused by name.', 'Histories of finished executions take 256 MB at most, the oldest go first; a deleted machine is gone a second after its last execution (settings.states).', 'ValidateStateMachineDefinition warns of NO_DOLLAR, for paths; NO_DOLLAR for intrinsic functions, NO_PATH and PASS_RESULT_IS_STATIC it leaves out.'],
};

/** Types and properties that a stack keeps and nothing asks about. */
function keptOnly() {
  return allProviders().flatMap(({ type, properties }) => {
    const kept = Object.keys(properties).filter((name) => properties[name] === 'kept' && name !== 'Tags' && name !== '*');
    return kept.length === 0 ? [] : [`${type} (${kept.join(', ')})`];
  }).sort();
}

/** The page engine/operations.md: services, what they implement, and what they refuse with 501. */
export function operationsPage() {
  const services = new Map(allServices().map((service) => [service.name, service]));
  const parts = [...modelEntries().keys()].sort().map((name) => section(name, services.get(name)));
  return `${HEAD}\n${parts.join('\n')}`;
}

const HEAD = `# What the engine implements

Made from the code by \`npm run operations\`. Everything else answers 501 by name. Requests are read by the models of the
official SDK clients; signatures are read and not checked. No call is throttled for its rate; Lambda throttles by concurrency.
`;

function section(name, service) {
  const all = [...loadModel(name).operations.keys()].sort();
  const own = all.filter((operation) => service && Object.hasOwn(service.operations, operation));
  const refused = all.filter((operation) => !own.includes(operation));
  const limits = (LIMITS[name] ?? []).map((limit) => `${limit}\n\n`).join('');
  return `## ${name}: ${own.length} of ${all.length}\n\n${limits}${wrapped('Implemented', own)}${wrapped('Refused by name', refused)}`;
}

function wrapped(title, operations) {
  return operations.length === 0 ? '' : `${title}: ${operations.join(', ')}.\n\n`;
}

/** The services as an engine has them; they are only looked at. */
function allServices() {
  const kernel = new Kernel({ mode: 'virtual' });
  const house = { kernel, draws: new Draws('operations'), history: new History(kernel), settings: settingsOf(), account: '000000000000', region: 'us-east-1', ports: {} };
  return furnish(house, join(tmpdir(), 'sluice-engine-operations'), () => Promise.reject(new Error('nothing is dispatched'))).services;
}

/** The engine's parts, built from source, since what is published is one file that does not name them. */
async function load() {
  const contents = ['furniture', 'cloudformation/providers/index', 'kernel/draws', 'kernel/history', 'kernel/kernel', 'settings', 'wire/index'].map((file) => `export * from './${file}.ts';`).join('\n');
  const built = await build({
    stdin: { contents, resolveDir: fileURLToPath(LIB), loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'error',
    define: { 'import.meta.url': JSON.stringify(new URL('home.ts', LIB).href) },
  });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(new URL('../operations.md', import.meta.url), operationsPage());
}
