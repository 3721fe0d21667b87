import { isObject } from './datum.ts';
import { parseResource, waitingOf } from './resource.ts';

/** Whether a resource can be run. */
export type Offers = (arn: string) => boolean;

/** The features of a definition that cannot be run, by name; empty when it can be executed. @param offers which integrations there are */
export function refusedFeatures(definition: string, offers: Offers = offeredAlways): string[] {
  const found: Set<string> = new Set();
  const source: unknown = JSON.parse(definition);
  if (isObject(source)) inspect(source, found, offers);
  return [...found];
}

/** Whether a resource can be run whatever services there are: Lambda's invoke and executions. */
export function offeredAlways(arn: string): boolean {
  const resource = parseResource(arn);
  if (resource?.kind !== 'service' || waitingOf(arn) !== undefined) return resource?.kind !== 'activity';
  return resource.service === 'lambda' && resource.action === 'invoke' && resource.pattern === undefined;
}

function inspect(machine: Readonly<Record<string, unknown>>, found: Set<string>, offers: Offers): void {
  if (machine['QueryLanguage'] === 'JSONata') found.add('JSONata (QueryLanguage)');
  const states = machine['States'];
  if (!isObject(states)) return;
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    if (state['QueryLanguage'] === 'JSONata') found.add('JSONata (QueryLanguage)');
    if (state['Type'] === 'Task') inspectTask(state, found, offers);
    if (state['Type'] === 'Map') inspectMap(state, found, offers);
    for (const branch of Array.isArray(state['Branches']) ? state['Branches'] : []) if (isObject(branch)) inspect(branch, found, offers);
  }
}

function inspectTask(state: Readonly<Record<string, unknown>>, found: Set<string>, offers: Offers): void {
  if (state['Credentials'] !== undefined) found.add('Credentials');
  const arn = String(state['Resource']);
  const resource = parseResource(arn);
  if (!resource || resource.kind === 'function') return;
  if (resource.kind === 'activity') found.add('activities');
  else if (!offers(arn)) found.add(`the service integration ${resource.service}:${resource.action}${resource.pattern ? `.${resource.pattern}` : ''}`);
}

function inspectMap(state: Readonly<Record<string, unknown>>, found: Set<string>, offers: Offers): void {
  const processor = state['ItemProcessor'] ?? state['Iterator'];
  const config = isObject(processor) ? processor['ProcessorConfig'] : undefined;
  if (isObject(config) && config['Mode'] === 'DISTRIBUTED') found.add('distributed Map (ProcessorConfig.Mode DISTRIBUTED)');
  for (const field of ['ItemReader', 'ItemBatcher', 'ResultWriter']) if (state[field] !== undefined) found.add(`${field} (distributed Map)`);
  if (isObject(processor)) inspect(processor, found, offers);
}
