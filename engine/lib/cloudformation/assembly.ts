import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { AssemblyError, type DeployedStack } from './deployed.ts';
import { publishAssets } from './assets.ts';
import { EngineCaller } from './caller.ts';
import { fieldsOf } from './template/intrinsic.ts';
import { ordered } from './template/order.ts';

/** What a deployment of an assembly may be told. */
export interface AssemblyOptions {
  /** Values of parameters, by stack name and key. @default the templates' own defaults */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface StackArtifact {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly templateFile: string;
  readonly dependsOn: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * Deploys what `cdk synth` wrote, without the `cdk` process: bootstraps if need be, uploads the assets, creates or updates the stacks in
 * the order of their dependencies. Virtual time runs as far as the stacks need. Rejects with AssemblyError; an actor of `drive` parks it.
 */
export async function deployAssembly(engine: Engine, cdkOut: string, options: AssemblyOptions = {}): Promise<DeployedStack[]> {
  const stacks: StackArtifact[] = [];
  const manifests: string[] = [];
  collect(engine, cdkOut, stacks, manifests);
  if (stacks.length === 0) throw new AssemblyError('ENGINE-ASSEMBLY-2', cdkOut, `${cdkOut} holds no stack; add one to the app and synthesise again`);
  const caller = new EngineCaller(engine);
  const bucket = await caller.bootstrap();
  for (const manifest of manifests) await publishAssets(caller, manifest);
  const done: DeployedStack[] = [];
  for (const stack of ordered(stacks)) {
    const key = `assembly/${stack.name}.template.json`;
    await caller.putObject(bucket, key, readFileSync(join(stack.folder, stack.templateFile)));
    done.push(await caller.deploy({ name: stack.name, templateUrl: `${engine.endpoint || 'http://127.0.0.1'}/${bucket}/${key}`, tags: stack.tags, parameters: options.parameters?.[stack.name] ?? {} }));
  }
  return done;
}

/** Gathers the stacks and asset manifests of an assembly and of those nested in it. */
function collect(engine: Engine, folder: string, stacks: StackArtifact[], manifests: string[]): void {
  const { artifacts, missing } = manifestOf(folder);
  if (missing.length > 0) throw new AssemblyError('ENGINE-ASSEMBLY-3', missing.join(', '), `the assembly lacks context that only a look-up gives (${missing.join(', ')}); put the values into cdk.context.json and synthesise again`);
  for (const [id, { type, dependencies = [], environment = '', properties = {} }] of Object.entries(artifacts)) {
    if (type === 'aws:cloudformation:stack') {
      checkPlace(engine, id, environment);
      const { stackName = id, templateFile, tags } = properties;
      const dependsOn = dependencies.filter((other) => artifacts[other]?.type === type);
      stacks.push({ id, folder, name: String(stackName), templateFile: String(templateFile), dependsOn, tags: (fieldsOf(tags) ?? {}) as Record<string, string> });
    } else if (type === 'cdk:asset-manifest') {
      manifests.push(join(folder, String(properties['file'])));
    } else if (type === 'cdk:cloud-assembly') {
      collect(engine, join(folder, String(properties['directoryName'])), stacks, manifests);
    }
  }
}

function manifestOf(folder: string): { readonly artifacts: Readonly<Record<string, Artifact>>; readonly missing: readonly string[] } {
  let text: string;
  try {
    text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  } catch {
    throw new AssemblyError('ENGINE-ASSEMBLY-1', folder, `${folder} is no cloud assembly: it has no manifest.json; give the folder that cdk synth wrote (cdk.out)`);
  }
  const { artifacts = {}, missing = [] } = JSON.parse(text) as { artifacts?: Record<string, Artifact>; missing?: { key: string }[] };
  return { artifacts, missing: missing.map(({ key }) => key) };
}

/** An engine is one account and one region. */
function checkPlace(engine: Engine, id: string, environment: string): void {
  const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  const elsewhere = (account !== 'unknown-account' && account !== engine.account) || (region !== 'unknown-region' && region !== engine.region);
  if (elsewhere) throw new AssemblyError('ENGINE-ASSEMBLY-4', environment, `the stack ${id} is for ${environment}, the engine is aws://${engine.account}/${engine.region}; start the engine with that account and region, or leave env out of the stack`);
}
