// Writes engine/models/<service>.json from the schemas inside the official SDK clients. Run it after changing a client's version.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NormalizedSchema } from '@smithy/core/schema';

// To serve one more service: add its client here, install it as a development dependency, run `npm run models`.
const SERVICES = ['appconfig', 'appconfigdata', 'lambda', 'cloudwatch', 'cloudwatch-logs', 'eventbridge', 's3', 'sts', 'ssm', 'sfn', 'cloudformation', 'iam', 'kms', 'sns'];

const PROTOCOLS = {
  AwsRestJsonProtocol: 'restJson', AwsJson1_0Protocol: 'awsJson1_0', AwsJson1_1Protocol: 'awsJson1_1',
  AwsQueryProtocol: 'query', AwsRestXmlProtocol: 'restXml', S3RestXmlProtocol: 'restXml',
};
const TIMES = { 4: 'timestamp', 5: 'timestamp:date-time', 6: 'timestamp:http-date', 7: 'timestamp:epoch-seconds' };
const SIMPLE = { 0: 'string', 1: 'number', 2: 'boolean', 15: 'document', 17: 'number', 19: 'number', 21: 'blob', 42: 'stream', ...TIMES };
/** Statuses S3 answers with although its model is silent. */
const STATUSES = { NotFound: 404 };
const IGNORED = new Set(['sensitive', 'idempotencyToken', 'streaming', 'hostLabel', 'eventPayload', 'eventHeader', 'error', 'httpError', 'awsQueryError', 'mediaType']);

/** Turns one trait of a member into members of its JSON; a trait nobody knows stops the generator, so that none is lost in silence. */
const binding = (trait, value, name) => {
  switch (trait) {
    case 'httpLabel': return { in: 'label' };
    case 'httpHeader': return { in: 'header', wire: value.toLowerCase() };
    case 'httpPrefixHeaders': return { in: 'prefix', wire: value.toLowerCase() };
    case 'httpQuery': return { in: 'query', wire: value };
    case 'httpQueryParams': return { in: 'queries' };
    case 'httpPayload': return { in: 'payload' };
    case 'httpResponseCode': return { in: 'status' };
    case 'jsonName': return { json: value };
    case 'xmlName': return value === name ? {} : { xml: value };
    case 'xmlFlattened': return { flat: true };
    case 'xmlAttribute': return { attribute: true };
    case 'xmlNamespace': return { namespace: value };
    case 'sparse': return { sparse: true };
    default:
      if (IGNORED.has(trait)) return {};
      throw new Error(`a trait the engine does not know: ${trait} = ${JSON.stringify(value)} on ${name}`);
  }
};

/** Gathers the shapes reachable from what is asked for. A reference is a simple type, `[x]`, `{x}` or the name of a shape. */
class Shapes {
  all = {};

  reference(schema) {
    if (schema.isUnitSchema()) return 'unit';
    if (schema.isStructSchema()) return this.#structure(schema);
    if (schema.isListSchema() || schema.isMapSchema()) return this.#collection(schema);
    const simple = SIMPLE[schema.getSchema()];
    if (!simple) throw new Error(`a type the engine does not know: ${String(schema.getSchema())} in ${schema.getName(true)}`);
    return simple;
  }

  member(name, schema, own = schema.getMergedTraits()) {
    const traits = Object.assign({}, ...Object.entries(own).map(([trait, value]) => binding(trait, value, name)));
    if (Object.keys(traits).length === 1 && traits.sparse) delete traits.sparse;
    const type = this.reference(schema);
    return Object.keys(traits).length === 0 ? type : { type, ...traits };
  }

  #structure(schema) {
    const name = schema.getName();
    if (this.all[name]) return name;
    const shape = (this.all[name] = {});
    const { error, httpError, awsQueryError, xmlName, xmlNamespace } = schema.getOwnTraits();
    if (schema.isUnionSchema()) shape.union = true;
    if (error) shape.error = [httpError ?? STATUSES[name] ?? awsQueryError?.[1] ?? (error === 'client' ? 400 : 500), awsQueryError?.[0]].filter((part) => part !== undefined);
    if (xmlName && xmlName !== name) shape.xml = xmlName;
    if (xmlNamespace) shape.namespace = xmlNamespace;
    if (schema.getSchema()[6]) shape.required = schema.getSchema()[6];
    shape.members = {};
    // A structure's own xmlName and the like belong to the structure: only the member's traits and those of simple targets count here.
    for (const [key, member] of schema.structIterator()) shape.members[key] = this.member(key, member, member.isStructSchema() ? member.getMemberTraits() : member.getMergedTraits());
    return name;
  }

  #collection(schema) {
    const value = this.member('member', schema.getValueSchema());
    const [open, close] = schema.isListSchema() ? '[]' : '{}';
    const key = schema.isMapSchema() ? this.member('key', schema.getKeySchema()) : 'string';
    if (typeof value === 'string' && typeof key === 'string') return `${open}${value}${close}`;
    const name = schema.getName();
    this.all[name] = schema.isListSchema() ? { list: value } : { map: value, ...(typeof key === 'string' ? {} : { key }) };
    return name;
  }
}

/** S3's clients move the bucket out of the path and into the host; the engine takes it in the path. */
const path = (uri, input) => {
  const inHost = input.isStructSchema() && [...input.structIterator()].some(([name, member]) => member.getMergedTraits().httpLabel && name === 'Bucket' && !uri.includes('{Bucket}'));
  return inHost ? `/{Bucket}${uri.replace(/^\/(?=\?|$)/, '')}` : uri;
};

const operations = (schemas, shapes) => Object.fromEntries(schemas.filter((schema) => schema[0] === 9).map((schema) => {
  const { http } = typeof schema[3] === 'object' ? schema[3] : {};
  const [input, output] = [schema[4], schema[5]].map((side) => NormalizedSchema.of(side));
  return [schema[2], {
    ...(http && { http: [http[0], path(http[1], input), http[2]] }),
    input: shapes.reference(input), output: shapes.reference(output),
  }];
}).sort(([a], [b]) => (a < b ? -1 : 1)));

const model = async (service) => {
  const client = await import(`@aws-sdk/client-${service}`);
  const Client = Object.entries(client).find(([name]) => name.endsWith('Client') && !name.startsWith('__'))[1];
  const { config } = new Client({ region: 'us-east-1' });
  const { protocolSettings: settings } = config;
  const schemas = Object.values(client).filter((value) => Array.isArray(value) && typeof value[0] === 'number' && typeof value[2] === 'string');
  const shapes = new Shapes();
  const found = operations(schemas, shapes);
  for (const schema of schemas.filter((one) => one[0] === -3 && !one[1].startsWith('smithy.'))) shapes.reference(NormalizedSchema.of(schema));
  const protocol = PROTOCOLS[config.protocol.constructor.name];
  if (!protocol) throw new Error(`a protocol the engine does not speak: ${config.protocol.constructor.name} of ${service}`);
  return {
    service, signingName: config.defaultSigningName, protocol, apiVersion: config.apiVersion,
    namespace: settings.defaultNamespace, xmlNamespace: settings.xmlNamespace, queryCompatible: settings.awsQueryCompatible,
    target: protocol.startsWith('awsJson') ? settings.serviceTarget : undefined,
    operations: found, shapes: Object.fromEntries(Object.entries(shapes.all).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};

/** What the router must know before it loads a model: enough to tell services apart. */
const entry = ({ signingName, protocol, apiVersion, target, queryCompatible, operations: all }) => ({
  signingName, protocol, apiVersion, target, queryCompatible,
  roots: protocol === 'restJson' ? [...new Set(Object.values(all).map(({ http }) => http[1].split(/[/?]/)[1]))].sort() : undefined,
});

/** Writes every model, and the index of them, into a folder (a URL that ends with a slash). */
export const writeModels = async (folder) => {
  mkdirSync(folder, { recursive: true });
  const index = {};
  for (const service of SERVICES) {
    const made = await model(service);
    index[service] = entry(made);
    writeFileSync(new URL(`${service}.json`, folder), `${JSON.stringify(made)}\n`);
  }
  writeFileSync(new URL('index.json', folder), `${JSON.stringify(index, null, 1)}\n`);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeModels(new URL('../models/', import.meta.url));
