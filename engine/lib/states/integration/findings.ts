import { isObject, parseResource, type Diagnostic } from '../asl/index.ts';
import { templateObjections } from './parameters.ts';
import { sdkApi } from './sdk.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What AWS has against the API calls in a definition that is valid otherwise: actions that are none, fields they lack or have too many. */
export function integrationFindings(definition: string): Diagnostic[] {
  if (!definition.includes(':aws-sdk:')) return [];
  const findings: Diagnostic[] = [];
  const machine: unknown = JSON.parse(definition);
  if (isObject(machine)) inspect(machine, '', findings);
  return findings;
}

function inspect(branch: Fields, location: string, findings: Diagnostic[]): void {
  const states = isObject(branch['States']) ? branch['States'] : {};
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    const at = `${location}/States/${name}`;
    if (state['Type'] === 'Task') findings.push(...taskFindings(state, at));
    for (const field of ['ItemProcessor', 'Iterator']) if (isObject(state[field])) inspect(state[field], `${at}/${field}`, findings);
    const branches: unknown[] = Array.isArray(state['Branches']) ? state['Branches'] : [];
    for (const [index, nested] of branches.entries()) if (isObject(nested)) inspect(nested, `${at}/Branches[${index}]`, findings);
  }
}

function taskFindings(state: Fields, at: string): Diagnostic[] {
  const arn = String(state['Resource']);
  const api = sdkApi(arn);
  if (!api || parseResource(arn)?.kind !== 'service') return [];
  if (api.operation === undefined) return [schema(`The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`, `${at}/Resource`)];
  const { Parameters: template } = state;
  // Without a template the input is the Parameters, which only a run can tell.
  return isObject(template) ? templateObjections(api.service, api.operation, template).map((message) => schema(message, `${at}/Parameters`)) : [];
}

function schema(message: string, location: string): Diagnostic {
  return { severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message, location };
}
