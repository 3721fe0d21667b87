import { isDigest, type Digest } from './digest.ts';
import { isObject } from './epoch.ts';

/** With which configuration a version of a workflow can run. All that is there must hold; an empty one runs with anything. */
export interface RunsWith {
  /** By document: the digests of the schemas that it may be valid against. */
  readonly schemas?: Readonly<Record<string, readonly Digest[]>>;
  /** The digests of the epochs themselves. */
  readonly epochs?: readonly Digest[];
  /** The number of the first version of the profile. */
  readonly since?: number;
}

/** An epoch as it is compared with a declaration. */
export interface Fitting {
  /** AppConfig's version number, as text; `null` for one that is not created yet, and so newer than all. */
  readonly version: string | null;
  readonly digest: Digest;
  readonly documents: Readonly<Record<string, { readonly schema: Digest }>>;
}

/** What a Comment begins a declaration with; it ends with the Comment, so that it may hold any character. */
const MARK = '[runs with] ';

/** The Comment of a definition that declares it: so the declaration is of the version, and as immutable, whoever publishes it. */
export function commentOf(declared: RunsWith): string {
  return `${MARK}${JSON.stringify(declared)}`;
}

/** What a definition declares; nothing when it declares nothing. A declaration that cannot be read fits no epoch. */
export function declaredIn(definition: string): RunsWith | undefined {
  const machine = parsed(definition);
  const comment = isObject(machine) ? machine['Comment'] : undefined;
  const at = typeof comment === 'string' ? comment.indexOf(MARK) : -1;
  if (typeof comment !== 'string' || at < 0) return undefined;
  const value = parsed(comment.slice(at + MARK.length));
  return isDeclaration(value) ? value : { epochs: [] };
}

/** Why an epoch is not among those that are declared, in words; nothing when it is. */
export function misfit({ schemas = {}, epochs, since }: RunsWith, { version, digest, documents }: Fitting): string | undefined {
  if (epochs !== undefined && !epochs.includes(digest)) return `it declares ${epochs.length === 0 ? 'nothing that can be read' : `the epochs ${listed(epochs)}`}, not ${short(digest)}`;
  if (since !== undefined && version !== null && !(Number(version) >= since)) return `it declares versions from ${since} on`;
  for (const [name, allowed] of Object.entries(schemas)) {
    const schema = Object.hasOwn(documents, name) ? documents[name]?.schema : undefined;
    if (schema === undefined) return `it needs the document ${name}, which is not there`;
    if (!allowed.includes(schema)) return `${name} is by the schema ${short(schema)}, and it declares ${listed(allowed)}`;
  }
  return undefined;
}

function listed(digests: readonly Digest[]): string {
  return digests.length === 0 ? 'none' : digests.map(short).join(' or ');
}

function short(digest: Digest): string {
  return digest.slice(0, 19);
}

function isDeclaration(value: unknown): value is RunsWith {
  if (!isObject(value)) return false;
  const { schemas, epochs, since } = value;
  const digests = (one: unknown): boolean => Array.isArray(one) && one.every(isDigest);
  return (schemas === undefined || (isObject(schemas) && Object.values(schemas).every(digests))) && (epochs === undefined || digests(epochs)) && (since === undefined || Number.isSafeInteger(since));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
