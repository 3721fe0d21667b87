import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelEntries, wireRequest } from '../../lib/wire/index.ts';
import type { WireResponse } from '../../lib/wire/index.ts';
import { loadModel } from '../../lib/wire/model.ts';
import { echo, nth, signedFor } from './echo.ts';

const text = ({ body }: WireResponse): string => Buffer.from(body).toString();

/** A door on which every operation of every service answers nothing. */
function open(): ReturnType<typeof echo> {
  return echo(Object.fromEntries([...modelEntries().keys()].map((service) => [service, Object.fromEntries([...loadModel(service).operations.keys()].map((name) => [name, {}]))])));
}

const post = (path: string, signingName: string, body: string, headers: Record<string, string> = {}): ReturnType<typeof wireRequest> => wireRequest('POST', path, { ...signedFor(signingName), ...headers }, Buffer.from(body));
const states = (body: string): ReturnType<typeof wireRequest> => post('/', 'states', body, { 'x-amz-target': 'AWSStepFunctions.StartExecution' });

describe('malformed input is refused with a reason:', () => {
  it.each([
    ['JSON that ends early', states('{"stateMachineArn":'), /not JSON/],
    ['JSON that is no object', states('[]'), /must be a JSON object, got a list/],
    ['a number for text', states('{"stateMachineArn":7}'), /stateMachineArn must be a string, got the number 7/],
    ['text for a list', post('/applications/a/environments', 'appconfig', '{"Name":"n","Monitors":"m"}'), /Monitors must be a list, got the string m/],
    ['null in a list', post('/applications/a/environments', 'appconfig', '{"Name":"n","Monitors":[null]}'), /Monitors\[0\] must be an object, got null/],
    ['a timestamp that is none', post('/', 'monitoring', '{"Namespace":"n","MetricData":[{"MetricName":"m","Timestamp":"soon"}]}', { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' }), /MetricData\[0\]\.Timestamp must be a timestamp/],
    ['base64 that is none', post('/2015-03-31/functions', 'lambda', '{"FunctionName":"f","Role":"r","Code":{"ZipFile":"%%%"}}'), /Code\.ZipFile must be base64 text/],
    ['bad percent-encoding', wireRequest('GET', '/applications/%zz', signedFor('appconfig')), /ApplicationId is not well percent-encoded: %zz/],
    ['text for a number in the path', wireRequest('GET', '/applications/a/environments/e/deployments/last', signedFor('appconfig')), /DeploymentNumber must be a number, got last/],
    ['text for a number in a header', post('/applications/a/configurationprofiles/p/hostedconfigurationversions', 'appconfig', 'x', { 'content-type': 'text/plain', 'latest-version-number': 'x' }), /LatestVersionNumber must be a number, got x/],
    ['XML that ends early', post('/b?delete', 's3', '<Delete><Object>'), /MalformedXML[^]*not closed/],
    ['XML closed wrongly', post('/b?delete', 's3', '<Delete><Object></Delete></Object>'), /MalformedXML[^]*closes/],
    ['XML with a type of its own', post('/b?delete', 's3', '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><Delete>&e;</Delete>'), /MalformedXML/],
    ['XML with an unknown entity', post('/b?delete', 's3', '<Delete><Object><Key>&lol;</Key></Object></Delete>'), /unknown entity &amp;lol;/],
    ['two roots', post('/b?delete', 's3', '<Delete/><Delete/>'), /one element at the root/],
    ['an aws-chunked body without chunks', post('/b?delete', 's3', 'hello', { 'content-encoding': 'aws-chunked' }), /IncompleteBody/],
    ['an aws-chunked body that ends early', post('/b?delete', 's3', 'ff\r\nabc\r\n', { 'content-encoding': 'aws-chunked' }), /IncompleteBody/],
    ['an aws-chunked body of another length', post('/b?delete', 's3', '1\r\na\r\n0\r\n\r\n', { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '2' }), /1 bytes came where x-amz-decoded-content-length says 2/],
    ['a form without an action', post('/', 'sts', 'Version=2011-06-15'), /InvalidAction/],
    ['a form nested too deep', post('/', 'sts', `Action=AssumeRole&${'a.'.repeat(5000)}=1`), /nested deeper/],
  ])('%s', async (_name, request, reason) => {
    const { dispatch, calls, reports } = open();

    const response = await dispatch(request);

    expect(response.status).toBe(400);
    expect(text(response)).toMatch(reason);
    expect(calls).toEqual([]);
    expect(reports).toEqual([]);
  });
});

describe('nesting', () => {
  it.each([
    ['JSON', states(`{"stateMachineArn":${'['.repeat(500_000)}`)],
    ['JSON in a shape that holds itself', post('/', 'ssm', `${'{"Aggregators":['.repeat(100_000)}{}${']}'.repeat(100_000)}`, { 'x-amz-target': 'AmazonSSM.GetInventory' })],
    ['XML', post('/b?delete', 's3', '<a>'.repeat(200_000))],
  ])('of %s a hundred thousand levels deep is refused, not survived by luck', async (_name, request) => {
    const { dispatch, reports } = open();

    expect((await dispatch(request)).status).toBe(400);
    expect(reports).toEqual([]);
  });
});

describe('keys of the prototype', () => {
  it('are data in maps, and are nothing elsewhere', async () => {
    const { dispatch, calls } = open();

    await dispatch(post('/applications', 'appconfig', '{"Name":"n","__proto__":{"Description":"injected"},"constructor":1,"Tags":{"__proto__":"a","constructor":"b"}}'));
    await dispatch(post('/', 'sts', 'Action=AssumeRole&RoleArn=r&RoleSessionName=s&__proto__.Policy=injected&constructor.prototype.x=1'));
    await dispatch(post('/b?delete', 's3', '<Delete><__proto__><Quiet>true</Quiet></__proto__><Object><Key>__proto__</Key></Object></Delete>'));
    await dispatch(wireRequest('PUT', '/b/__proto__?__proto__=1', { ...signedFor('s3'), 'x-amz-meta-__proto__': 'm' }, Buffer.from('x')));

    expect(Object.entries(nth(calls, 0).input['Tags'] as object)).toEqual([['__proto__', 'a'], ['constructor', 'b']]);
    expect(Object.keys(nth(calls, 0).input)).toEqual(['Name', 'Tags']);
    expect(nth(calls, 0).input['Description']).toBeUndefined();
    expect(nth(calls, 1).input).toEqual({ RoleArn: 'r', RoleSessionName: 's' });
    expect(nth(calls, 2).input).toEqual({ Bucket: 'b', Delete: { Objects: [{ Key: '__proto__' }] } });
    expect(Object.entries(nth(calls, 3).input['Metadata'] as object)).toEqual([['__proto__', 'm']]);
    expect(({} as Record<string, unknown>)['Quiet']).toBeUndefined();
  });
});

describe('whatever is sent', () => {
  const segment = fc.oneof(fc.constantFrom('applications', '2015-03-31', 'functions', 'configuration', 'tags', '..', '%', '%00', '', 'settings'), fc.string({ maxLength: 6 }).map(encodeURI));
  const target = fc.tuple(fc.array(segment, { maxLength: 6 }), fc.constantFrom('', '?delete', '?acl', '?x-id=GetObject', '?%', '?Action=GetCallerIdentity&Version=2011-06-15', '?tagKeys=a&tagKeys=b')).map(([path, query]) => `/${path.join('/')}${query}`);
  const operation = fc.constantFrom(...[...modelEntries()].flatMap(([service, { target: prefix }]) => (prefix === undefined ? [] : [...loadModel(service).operations.keys()].map((name) => `${prefix}.${name}`))));
  const header = fc.record({
    authorization: fc.oneof(fc.constantFrom(...[...modelEntries().values()].map(({ signingName }) => signedFor(signingName).authorization)), fc.string()),
    'x-amz-target': operation, 'content-encoding': fc.constantFrom('aws-chunked', 'gzip', ''), 'x-amz-content-sha256': fc.constantFrom('STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'UNSIGNED-PAYLOAD'),
    'content-type': fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/xml'), host: fc.constantFrom('localhost', 'b.localhost', 'x'), 'content-length': fc.constantFrom('0', '-1', 'x'),
  }, { requiredKeys: [] });
  const body = fc.oneof(fc.json().map((json) => Buffer.from(json)), fc.uint8Array({ maxLength: 60 }), fc.constantFrom('<a/>', '<a>', '{"Name":1}', 'Action=AssumeRole&Tags.member.1=x', '0\r\n\r\n', '1;x\r\na\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n').map((sent) => Buffer.from(sent)));

  it('is answered, with an id, and is never a defect', async () => {
    const { dispatch, reports } = open();

    await fc.assert(fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'), target, header, body, async (method, path, headers, bytes) => {
      const response = await dispatch(wireRequest(method, path, headers, bytes));

      expect(reports).toEqual([]);
      expect(response.headers['x-amzn-requestid']).toMatch(/^request-\d+$/);
      expect(response.status === 501 || (response.status >= 200 && response.status < 500)).toBe(true);
    }), { numRuns: 3000 });
  });
});
