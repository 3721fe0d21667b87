import type { EventEnvelope } from './envelope.ts';
import { compileInputPath } from './inputPath.ts';
import { JsonFault, JsonReader } from './reader.ts';

/** An InputTransformer, as PutTargets takes it. */
export interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** What a template may name beside its own paths. */
export interface TemplateContext {
  readonly ruleName: string;
  readonly ruleArn: string;
  /** Epoch milliseconds at which the event came in. */
  readonly ingested: number;
}

const PLACEHOLDER = /<([^<>\s"]+)>/g;
const WHOLE_EVENT = 'aws.events.event.json';
const RESERVED: ReadonlySet<string> = new Set(['aws.events.rule-arn', 'aws.events.rule-name', 'aws.events.event.ingestion-time', 'aws.events.event', WHOLE_EVENT]);

/** Why a transformer is refused, in EventBridge's words; undefined when it is not. */
export function transformerRefusal(id: string, index: number, { InputPathsMap: paths = {}, InputTemplate: template }: InputTransformer): string | undefined {
  if (Object.keys(paths).some((key) => !/^[A-Za-z0-9_-]{1,256}$/.test(key))) {
    const shown = Object.entries(paths).map(([key, path]) => `${key}=${path}`).join(', ');
    return `1 validation error detected: Value '{${shown}}' at 'targets.${index + 1}.member.inputTransformer.inputPathsMap' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]`;
  }
  if (Object.values(paths).some((path) => !compileInputPath(path))) return `InputPath for target ${id} is invalid.`;
  const syntax = syntaxFault(template.replace(PLACEHOLDER, 'null'));
  if (syntax !== undefined) return `Invalid InputTemplate for target ${id} : ${syntax}.`;
  const known = (name: string): boolean => Object.hasOwn(paths, name) || RESERVED.has(name);
  if (hasKeyPlaceholder(template, known)) return `InputTemplate placeholder present as a JSON object key for target ${id}.`;
  if (!isObject(template) && template.includes(`<${WHOLE_EVENT}>`)) return `InputTemplate for target ${id} contains placeholder ${WHOLE_EVENT} valid only for JSON template.`;
  return undefined;
}

/**
 * Fills a template in. In an object, a placeholder of its own becomes JSON and one within a string its text, both escaped; in any
 * other template everything is text, objects without their quotes, so that the outcome may be no JSON at all.
 */
export function fillTemplate({ InputPathsMap: paths = {}, InputTemplate: template }: InputTransformer, event: EventEnvelope, context: TemplateContext): string {
  const values = new Map(Object.entries(paths).map(([name, path]) => [name, compileInputPath(path)?.(event)]));
  for (const [name, value] of reserved(event, context)) values.set(name, value);
  const structured = isObject(template);
  return replaceWithin(template, (name, inString) => {
    if (!values.has(name)) return undefined;
    const value = values.get(name);
    if (!structured) return plain(value);
    return inString ? escaped(value) : JSON.stringify(value ?? (value === null ? null : ''));
  });
}

/** Where text stops being JSON values one after the other; undefined when it does not. */
export function syntaxFault(text: string): string | undefined {
  const reader = new JsonReader(text);
  try {
    while (reader.next() !== undefined) reader.text();
    return undefined;
  } catch (error) {
    if (error instanceof JsonFault) return reader.began();
    throw error;
  }
}

function isObject(template: string): boolean {
  return template.trimStart().startsWith('{');
}

function reserved(event: EventEnvelope, { ruleName, ruleArn, ingested }: TemplateContext): [string, unknown][] {
  const { id, account, time, source, region, resources, version } = event;
  return [
    ['aws.events.rule-name', ruleName],
    ['aws.events.rule-arn', ruleArn],
    ['aws.events.event.ingestion-time', new Date(ingested).toISOString()],
    ['aws.events.event', { id, account, detailType: event['detail-type'], time: Date.parse(time), source, region, resources, version }],
    [WHOLE_EVENT, event],
  ];
}

function plain(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
}

function escaped(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
}

/** Replaces placeholders, telling whether each lies within a string; an undefined answer leaves it as it is. */
function replaceWithin(template: string, replace: (name: string, inString: boolean) => string | undefined): string {
  let inString = false;
  let from = 0;
  return template.replace(PLACEHOLDER, (all, name: string, at: number) => {
    inString = quotesEven(template.slice(from, at)) ? inString : !inString;
    from = at + all.length;
    return replace(name, inString) ?? all;
  });
}

function quotesEven(text: string): boolean {
  return (text.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 0;
}

function hasKeyPlaceholder(template: string, known: (name: string) => boolean): boolean {
  const reader = new JsonReader(replaceWithin(template, (_, inString) => (inString ? undefined : 'null')));
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token === 'name' && [...reader.text().matchAll(PLACEHOLDER)].some(([, name]) => known(name ?? ''))) return true;
  }
  return false;
}
