import { badRequest, notProvided } from './refusal.ts';

/** Where a profile's content lies. */
export type Location =
  | { readonly kind: 'hosted' }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string }
  /** A store AppConfig can read and the engine cannot. */
  | { readonly kind: 'foreign'; readonly store: string };

const FOREIGN: Readonly<Record<string, string>> = {
  'ssm-document': 'SSM documents',
  secretsmanager: 'Secrets Manager',
  codepipeline: 'CodePipeline',
};

/** Reads a LocationUri; throws BadRequestException for what is none. */
export function locationOf(uri: string): Location {
  if (uri === 'hosted') return { kind: 'hosted' };
  const parameter = /^ssm-parameter:\/\/(.+)$/.exec(uri)?.[1] ?? parameterOf(uri);
  if (parameter !== undefined) return { kind: 'parameter', name: parameter };
  if (uri.startsWith('s3://')) {
    const [bucket, key] = /^([^/]+)\/(.+)$/.exec(uri.slice(5))?.slice(1) ?? [];
    if (bucket === undefined || key === undefined) throw badRequest(`Invalid locationUri ${uri}`);
    return { kind: 'object', bucket, key };
  }
  const store = FOREIGN[/^([a-z-]+):\/\/.+$/.exec(uri)?.[1] ?? ''];
  if (store === undefined) throw badRequest(`The Uri: ${uri} is of an unsupported type`);
  return { kind: 'foreign', store };
}

/** The name in a parameter's ARN, which leaves out the slash that a name with slashes begins with. */
function parameterOf(arn: string): string | undefined {
  const path = /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter\/(.+)$/.exec(arn)?.[1];
  return path?.includes('/') ? `/${path}` : path;
}

/** Refuses a store the engine cannot read, by name. */
export function refuseForeign(location: Location): void {
  if (location.kind === 'foreign') throw notProvided(`configuration profiles whose content lies in ${location.store}`);
}
