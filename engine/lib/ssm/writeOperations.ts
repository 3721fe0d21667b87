import type { House } from '../ports.ts';
import type { CredentialStore } from '../sts/credentials.ts';
import type { Call, Service } from '../wire/index.ts';
import type { ParameterVersion, Parameters } from './parameters.ts';
import { invalid, refusal, unbuilt } from './refusal.ts';

interface PutInput {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Description?: string;
  readonly KeyId?: string;
  readonly Overwrite?: boolean;
  readonly AllowedPattern?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Tier?: string;
  readonly Policies?: string;
  readonly DataType?: string;
}

const TYPES = ['String', 'StringList', 'SecureString'];
const VERSIONS_AT_MOST = 100;
const LEVELS_AT_MOST = 15;
const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;

/** The operations that change parameters. */
export function writeOperations(house: House, parameters: Parameters, credentials: CredentialStore): Service['operations'] {
  const remove = (text: string): string | undefined => {
    const { path } = parameters.split(text);
    if (!parameters.all.delete(path)) return undefined;
    house.history.record('ssm:parameter', path, { version: null });
    return path;
  };
  return {
    PutParameter: (input: PutInput, call: Call) => put(house, parameters, credentials.principalOf(call.accessKeyId).arn, input),
    DeleteParameter({ Name }: { readonly Name: string }) {
      if (remove(Name) === undefined) throw refusal('ParameterNotFound');
    },
    DeleteParameters({ Names }: { readonly Names: readonly string[] }) {
      const gone = new Set(Names.filter((name) => remove(name) !== undefined));
      return { DeletedParameters: [...gone], InvalidParameters: [...new Set(Names)].filter((name) => !gone.has(name)) };
    },
  };
}

function put(house: House, parameters: Parameters, user: string, input: PutInput): Record<string, unknown> {
  const { path: name } = parameters.split(input.Name);
  checkName(name);
  const known = parameters.all.get(name);
  if (known && input.Overwrite !== true) throw refusal('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
  if (input.Overwrite === true && input.Tags) throw invalid("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
  const version = nextVersion(house, known?.versions.at(-1), user, input);
  const versions = [...(known?.versions ?? []), version];
  if (versions.length > VERSIONS_AT_MOST) {
    const [oldest] = versions;
    if (oldest && oldest.labels.size > 0) throw refusal('ParameterMaxVersionLimitExceeded', `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`);
    versions.shift();
  }
  parameters.all.set(name, { name, versions, tags: known?.tags ?? new Map((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])) });
  house.history.record('ssm:parameter', name, { version: version.version });
  return { Version: version.version, Tier: version.tier };
}

/** What is not said anew stays as it was. */
function nextVersion(house: House, before: ParameterVersion | undefined, user: string, input: PutInput): ParameterVersion {
  const type = input.Type ?? before?.type;
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (!TYPES.includes(type)) throw invalid(`1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`);
  if (input.Policies !== undefined && input.Policies !== '' && input.Policies !== '[]') throw unbuilt('parameter policies');
  if (input.DataType !== undefined && input.DataType !== 'text') throw unbuilt(`the data type ${input.DataType}`);
  const allowedPattern = input.AllowedPattern ?? before?.allowedPattern;
  const description = input.Description ?? before?.description;
  checkValue(input.Value, allowedPattern);
  return {
    version: (before?.version ?? 0) + 1,
    type,
    value: input.Value,
    modified: house.kernel.now(),
    user,
    tier: tierOf(input, before?.tier),
    dataType: 'text',
    ...(description !== undefined && { description }),
    ...(allowedPattern !== undefined && { allowedPattern }),
    ...(type === 'SecureString' && { keyId: input.KeyId ?? 'alias/aws/ssm' }),
    labels: new Set(),
  };
}

function checkValue(value: string, allowedPattern: string | undefined): void {
  if (value === '') throw invalid("1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1");
  if (allowedPattern === undefined) return;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${allowedPattern})$`, 's');
  } catch {
    throw refusal('InvalidAllowedPatternException', `The request does not meet the regular expression requirement: ${allowedPattern}`);
  }
  if (!pattern.test(value)) throw refusal('ParameterPatternMismatchException', `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`);
}

function tierOf({ Tier, Value }: PutInput, before: string = 'Standard'): string {
  const bytes = Buffer.byteLength(Value);
  const tier = Tier === 'Intelligent-Tiering' ? (bytes > STANDARD_BYTES ? 'Advanced' : before) : Tier ?? before;
  const most = tier === 'Advanced' ? ADVANCED_BYTES : STANDARD_BYTES;
  if (bytes <= most) return tier;
  throw invalid(tier === 'Advanced'
    ? `Advanced tier parameters support a maximum parameter value of ${ADVANCED_BYTES} characters.`
    : `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`);
}

function checkName(name: string): void {
  const levels = name.replace(/^\//, '').split('/');
  if (/^\/?aws(\/|$)/i.test(name)) throw refusal('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (/^\/?ssm/i.test(name) || !/^[a-zA-Z0-9_.\-/]+$/.test(name) || levels.includes('')) throw invalid('Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_');
  if (name.includes('/') && !name.startsWith('/')) throw invalid('Parameter name must be a fully qualified name.');
  if (levels.length > LEVELS_AT_MOST) throw refusal('HierarchyLevelLimitExceededException', `The hierarchy of ${name} has ${levels.length} levels; the maximum is ${LEVELS_AT_MOST}.`);
}
