import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Configuration, PinnedTask, Workflow, type ConfigurationEnvironment, type EnvironmentOptions } from '../../lib/constructs/index.ts';

/** What most tests need: a stack with one environment. */
export interface Bench {
  readonly app: App;
  readonly stack: Stack;
  readonly configuration: Configuration;
  readonly production: ConfigurationEnvironment;
}

/** A document with its schema, in a directory of its own. */
export function directory(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-constructs-'));
  mkdirSync(folder, { recursive: true });
  const all = { 'limits.yaml': 'items: 20\n', 'limits.schema.json': '{"type":"object","properties":{"items":{"type":"integer"}}}', ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  return folder;
}

/** An app whose templates are asked for and nothing else: the tree would be rendered beside each. */
export function quietApp(outdir?: string): App {
  return new App({ treeMetadata: false, analyticsReporting: false, ...(outdir === undefined ? {} : { outdir }) });
}

/** A stack with the configuration `orders` in the environment `production`. */
export function bench(options: EnvironmentOptions = {}): Bench {
  const app = quietApp();
  const stack = new Stack(app, 'Orders');
  const configuration = new Configuration(stack, 'orders', { directory: directory() });
  return { app, stack, configuration, production: configuration.addEnvironment('production', options) };
}

/** A function of the user's. */
export function taskFunction(scope: Construct, id = 'Charge'): LambdaFunction {
  return new LambdaFunction(scope, `${id}Function`, { code: Code.fromInline('exports.handler = async () => ({})'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
}

/** A workflow of one pinned task. */
export function workflow({ stack, production }: Bench, lambdaFunction: LambdaFunction = taskFunction(stack)): Workflow {
  return new Workflow(stack, 'Workflow', { environment: production, definition: new PinnedTask(stack, 'Charge', { lambdaFunction }) });
}

/** A template, with the questions these tests ask of it. */
export class Synthesised {
  readonly template: Template;
  readonly resources: Readonly<Record<string, Resource>>;

  constructor(stack: Stack) {
    this.template = Template.fromStack(stack);
    this.resources = this.template.toJSON()['Resources'] as Record<string, Resource>;
  }

  /** The logical ids of a type. */
  ids(type: string): string[] {
    return Object.entries(this.resources).filter(([, one]) => one.Type === type).map(([id]) => id);
  }

  /** Everything a resource waits for, directly or by way of others. */
  waitsFor(id: string, seen: Set<string> = new Set()): Set<string> {
    for (const next of referred(this.resources[id])) {
      if (!(next in this.resources) || seen.has(next)) continue;
      seen.add(next);
      this.waitsFor(next, seen);
    }
    return seen;
  }
}

let known: Synthesised | undefined;
let worked: Synthesised | undefined;

/** The template of the bench as it is: of an environment without options, and nothing beside it. */
export function plain(): Synthesised {
  return known ??= new Synthesised(bench().stack);
}

/** The same of the bench with its workflow. */
export function working(): Synthesised {
  if (worked !== undefined) return worked;
  const made = bench();
  workflow(made);
  return worked = new Synthesised(made.stack);
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

function referred(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referred);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [String((member as string[])[0])];
    if (key === 'DependsOn') return [member].flat() as string[];
    return referred(member);
  });
}
