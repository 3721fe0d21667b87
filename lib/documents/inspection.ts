import { digestOf, type Digest } from '../core/digest.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import { GUARDING } from '../core/faults/guarding.ts';
import { fits } from '../core/project.ts';
import { asksForLive, parseRules, type Rules, type Ruling } from '../core/rules.ts';
import { DEPTH_LIMIT } from './canonical.ts';
import { faultOf } from './finding.ts';
import { plainSecrets } from './plainSecret.ts';
import { compileSchema, type Schema } from './schema.ts';

/** Where an inspection gets the bytes of a schema. */
export type SchemaSource = (digest: Digest) => Promise<Uint8Array | undefined>;

/** What an inspection found: an epoch that may be served, with the rules it names, or everything that is wrong. */
export type Inspection = { readonly kind: 'good'; readonly epoch: Epoch; readonly digest: Digest; readonly rules?: Rules } | { readonly kind: 'bad'; readonly faults: readonly Fault[] };

const compiled = new Map<Digest, Schema>();

/** Inspects the bytes of an epoch as AppConfig would serve them: the envelope, each document by the schema it names, and all by the invariants that do not ask for what is live. */
export async function inspect(bytes: Uint8Array, source: SchemaSource): Promise<Inspection> {
  const epoch = parseEpoch(bytes);
  if (epoch instanceof Fault) return { kind: 'bad', faults: [epoch] };
  const rules = await rulesOf(epoch, source);
  if (rules instanceof Fault) return { kind: 'bad', faults: [rules] };
  const found = await Promise.all(Object.entries(epoch.documents).map(async ([name, document]) => {
    const refused = forbidden(name, document.content);
    if (refused !== undefined) return [refused];
    // Secrets first and alone: what a schema says of a value shows it.
    const secrets = secretsIn(name, document.content, rules);
    if (secrets.length > 0) return secrets;
    const schema = await schemaOf(name, document.schema, source);
    return schema instanceof Fault ? [schema] : schema.check(document.content).map((violation) => faultOf(violation, name));
  }));
  const faults = found.flat();
  if (faults.length === 0 && rules !== undefined) faults.push(...await unruly(epoch, rules, rules.invariants.filter((one) => !asksForLive(one)), undefined));
  return faults.length > 0 ? { kind: 'bad', faults } : { kind: 'good', epoch, digest: digestOf(bytes), ...(rules === undefined ? {} : { rules }) };
}

/** What is wrong with an epoch by rules, once it is known what is live: by the invariants that ask for that, or by the `whole` of rules that it does not name itself. */
export async function inspectOver(epoch: Epoch, rules: Rules, live: Epoch | undefined, whole: boolean): Promise<readonly Fault[]> {
  const secrets = whole ? Object.entries(epoch.documents).flatMap(([name, { content }]) => secretsIn(name, content, rules)) : [];
  return secrets.length > 0 ? secrets : unruly(epoch, rules, rules.invariants.filter((one) => whole || asksForLive(one)), live);
}

function secretsIn(name: string, content: unknown, rules: Rules | undefined): Fault[] {
  return plainSecrets(content, () => name, (path) => rules?.allowed.some((one) => one.path === path && fits(one.document, `${rules.application}/${name}`)) === true);
}

/** CEL is loaded where a rule is asked: a cold start of the gate has no time to lose. */
async function unruly(epoch: Epoch, { application, environment }: Rules, rulings: readonly Ruling[], live: Epoch | undefined): Promise<Fault[]> {
  if (rulings.length === 0) return [];
  const { breachFault, broken } = await import('./ruling.ts');
  return broken(rulings, { application, environment, epoch, live }).map(({ ruling, breach }) => breachFault(ruling, breach, environment, `${application}/${environment}`));
}

const ruled = new Map<Digest, Rules>();

async function rulesOf({ rules: digest }: Epoch, source: SchemaSource): Promise<Rules | Fault | undefined> {
  if (digest === undefined) return undefined;
  const before = ruled.get(digest);
  const bytes = before === undefined ? await source(digest) : undefined;
  const rules = before ?? (bytes && parseRules(bytes));
  if (rules === undefined) return fault(GUARDING, 'SLUICE-GATE-6', { digest });
  ruled.set(digest, rules);
  return rules;
}

async function schemaOf(document: string, digest: Digest, source: SchemaSource): Promise<Schema | Fault> {
  const known = compiled.get(digest);
  if (known !== undefined) return known;
  const bytes = await source(digest);
  if (bytes === undefined) return fault(GUARDING, 'SLUICE-GATE-2', { document, digest });
  const schema = compileSchema(JSON.parse(new TextDecoder().decode(bytes)), { name: `the schema of ${document}` });
  if (!(schema instanceof Fault)) compiled.set(digest, schema);
  return schema;
}

/** What no document may hold, whatever its schema: `__proto__` as a key, which JSON.parse lets through, and values without end. */
function forbidden(name: string, root: object): Fault | undefined {
  const pending: [object, number][] = [[root, 0]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, depth] = next;
    if (Object.hasOwn(value, '__proto__')) return fault(AUTHORING, 'SLUICE-DOC-9', { at: name, key: '__proto__' });
    if (depth > DEPTH_LIMIT) return fault(AUTHORING, 'SLUICE-DOC-3', { at: name, problem: `values are nested deeper than ${DEPTH_LIMIT} levels` });
    for (const member of Object.values(value) as unknown[]) {
      if (typeof member === 'object' && member !== null) pending.push([member, depth + 1]);
    }
  }
  return undefined;
}
