/** A part of the house: where it lives and what it may import. The table of ARCHITECTURE.md, as data. */
export interface Room {
  name: string;
  /** Path prefix of its files. The first room whose prefix fits owns the file. */
  path: string;
  /** Path prefixes inside the project it may import, besides its own. */
  rooms: readonly string[];
  /** `node:` modules: all of them, or those named. */
  builtins: 'all' | readonly string[];
  /** Packages, by name or by a prefix ending in `*`. */
  packages: readonly string[];
  /** Modules that may only be reached by a dynamic import or getBuiltinModule, since a static import is slow. */
  neverStatic?: readonly string[];
  /** True where a computed `import(name)` is the room's purpose: the sandboxes load their users' code. */
  computed?: true;
}

const CORE = 'lib/core/';
const DOCUMENTS = 'lib/documents/';
const ADAPTERS = 'lib/adapters/';
const RUNTIME = 'lib/runtime/';
const REHEARSAL = 'lib/rehearsal/';
const CONSTRUCTS = 'lib/constructs/';
const CLI = 'lib/cli/';
const SCHEMAS = 'schemas/';

function adapter(path: string, vendor: string): Room {
  return { name: `adapters/${path}`, path: `${ADAPTERS}${path}`, rooms: [CORE, ADAPTERS], builtins: 'all', packages: [vendor] };
}

/** Who may import whom. A file in none of these rooms is refused by the test. */
export const ROOMS: readonly Room[] = [
  { name: 'core', path: CORE, rooms: [], builtins: ['node:crypto'], packages: [] },
  { name: 'documents', path: DOCUMENTS, rooms: [CORE, SCHEMAS], builtins: [], packages: ['@marcbachmann/cel-js', 'ajv', 'ajv-draft-04', 'ajv-formats', 're2js', 'yaml'] },
  {
    // The pin's contract, digests, counts and faults are core's; of the rest (plan, rollout, window) a function loads nothing.
    name: 'runtime', path: RUNTIME, builtins: 'all', packages: [],
    rooms: ['digest', 'epoch', 'fault', 'faults/reading', 'layout', 'metric', 'pin', 'pinRequest', 'rolledBack'].map((file) => `${CORE}${file}.ts`),
    neverStatic: ['node:http', 'node:https', 'node:http2', 'node:tls'],
  },
  adapter('plane/', '@aws-sdk/client-appconfig'),
  adapter('store/s3', '@aws-sdk/client-s3'),
  adapter('evidence/executions', '@aws-sdk/client-sfn'),
  adapter('evidence/', '@aws-sdk/client-cloudwatch'),
  adapter('gate', '@aws-sdk/client-lambda'),
  adapter('functions', '@aws-sdk/client-lambda'),
  adapter('caller/identity', '@aws-sdk/client-sts'),
  adapter('caller/rights', '@aws-sdk/client-iam'),
  adapter('bus/', '@aws-sdk/client-eventbridge'),
  adapter('router/', '@aws-sdk/client-sfn'),
  { name: 'adapters', path: ADAPTERS, rooms: [CORE], builtins: 'all', packages: [] },
  { name: 'lambda', path: 'lambda/', rooms: [CORE, DOCUMENTS, ADAPTERS, RUNTIME], builtins: 'all', packages: [] },
  {
    name: 'constructs', path: CONSTRUCTS, rooms: [CORE, DOCUMENTS, SCHEMAS], builtins: 'all',
    packages: ['aws-cdk-lib', 'constructs'],
  },
  {
    // It plays the git path too, which composes documents as a release does.
    name: 'rehearsal', path: REHEARSAL, rooms: [CORE, DOCUMENTS, ADAPTERS], builtins: 'all',
    packages: ['sluice-engine', '@aws-sdk/client-*'],
  },
  {
    name: 'cli', path: CLI, rooms: [CORE, DOCUMENTS, ADAPTERS, REHEARSAL], builtins: 'all',
    packages: ['sluice-engine'],
  },
  { name: 'bin', path: 'bin/', rooms: [CLI], builtins: 'all', packages: ['aws-cdk-lib', 'sluice'] },
  { name: 'engine/sandbox', path: 'engine/lib/sandbox/', rooms: ['engine/lib/'], builtins: 'all', packages: ['fflate'], computed: true },
  {
    name: 'engine', path: 'engine/lib/', rooms: ['engine/models/'], builtins: 'all',
    packages: ['fflate', 'jsonata', 're2js', 'yaml'],
  },
];
