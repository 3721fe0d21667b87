import {
  AddTagsToResourceCommand, DeleteParameterCommand, DeleteParametersCommand, DescribeParametersCommand, GetDocumentCommand, GetParameterCommand, GetParameterHistoryCommand, GetParametersByPathCommand,
  GetParametersCommand, LabelParameterVersionCommand, ListTagsForResourceCommand, PutParameterCommand, RemoveTagsFromResourceCommand, SSMClient, UnlabelParameterVersionCommand,
  type DescribeParametersCommandInput, type GetParametersByPathCommandInput, type Parameter, type PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, type Rig } from '../rig.ts';

let rig: Rig;
let client: SSMClient;

beforeEach(async () => {
  rig = await startRig();
  client = rig.client(SSMClient);
});
afterEach(() => rig.close());

const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) => client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name: string, WithDecryption?: boolean): Promise<Parameter | undefined> => (await client.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

describe('a parameter', () => {
  test('is read as it was written, by name and by ARN', async () => {
    const answer = await put('/app/limit', 'one', { Description: 'the limit' });

    const expected = { Name: '/app/limit', Type: 'String', Value: 'one', Version: 1, DataType: 'text', ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/limit', LastModifiedDate: new Date(Date.UTC(2026, 0, 1)) };
    expect(answer).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await get('/app/limit')).toEqual(expected);
    expect(await get(expected.ARN)).toEqual(expected);
  });

  test('is overwritten only when asked, and then has a new version with the type it had', async () => {
    await put('/app/list', 'a,b', { Type: 'StringList' });

    expect(await refused(put('/app/list', 'c'))).toEqual({ code: 'ParameterAlreadyExists', status: 400, message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.' });
    expect(await put('/app/list', 'c', { Overwrite: true, Type: undefined })).toMatchObject({ Version: 2 });
    expect(await get('/app/list')).toMatchObject({ Value: 'c', Type: 'StringList', Version: 2 });
    expect(await get('/app/list:1')).toMatchObject({ Value: 'a,b', Version: 1, Selector: ':1' });
    expect(await get('/app/list:01')).toMatchObject({ Version: 1, Selector: ':01' });
    expect(await refused(get('/app/list:2147483648'))).toEqual({ code: 'ParameterVersionNotFound', status: 400, message: 'Systems Manager could not find version 2147483648 of /app/list. Verify the version and try again.' });
    expect((await refused(get('/app/list:'))).message).toBe('Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>');
  });

  test('that is secret reads as something else until it is decrypted', async () => {
    await put('/app/secret', 'hidden', { Type: 'SecureString' });

    const [sealed, again] = [await get('/app/secret'), await get('/app/secret')];

    expect(sealed?.Value).toMatch(/^AQICAH/);
    expect(again?.Value).toBe(sealed?.Value);
    expect((await get('/app/secret', true))?.Value).toBe('hidden');
  });

  test('is gone when it is deleted', async () => {
    await put('/app/a', '1');
    await put('/app/b', '1');

    await client.send(new DeleteParameterCommand({ Name: '/app/a' }));
    const rest = await client.send(new DeleteParametersCommand({ Names: ['/app/a', '/app/b'] }));

    expect(await refused(get('/app/a'))).toMatchObject({ code: 'ParameterNotFound', status: 400 });
    expect(await refused(client.send(new DeleteParameterCommand({ Name: '/app/a' })))).toMatchObject({ code: 'ParameterNotFound' });
    expect(rest).toMatchObject({ DeletedParameters: ['/app/b'], InvalidParameters: ['/app/a'] });
  });

  test('is read with others in one call, which names those that are not there', async () => {
    await put('/app/a', '1');
    await put('/app/a', '2', { Overwrite: true });

    const { Parameters, InvalidParameters } = await client.send(new GetParametersCommand({ Names: ['/app/a:1', '/app/a', '/app/a:1', '/z', '/app/a:9', '/b'] }));

    expect(Parameters?.map(({ Value, Selector }) => [Value, Selector])).toEqual([['1', ':1'], ['2', undefined]]);
    expect(InvalidParameters).toEqual(['/app/a:9', '/b', '/z']);
  });

  test('keeps its history', async () => {
    await put('/app/a', '1', { AllowedPattern: '\\d+' });
    await rig.advance(1000);
    await put('/app/a', '2', { Overwrite: true });

    const { Parameters } = await client.send(new GetParameterHistoryCommand({ Name: '/app/a' }));

    expect(Parameters?.map(({ Version, Value, AllowedPattern, LastModifiedUser, LastModifiedDate }) => [Version, Value, AllowedPattern, LastModifiedUser, LastModifiedDate?.getTime()])).toEqual([
      [1, '1', '\\d+', 'arn:aws:iam::000000000000:root', Date.UTC(2026, 0, 1)],
      [2, '2', '\\d+', 'arn:aws:iam::000000000000:root', Date.UTC(2026, 0, 1, 0, 0, 1)],
    ]);
  });

  test('has labels, each on one of its versions', async () => {
    const label = (Labels: string[], ParameterVersion?: number) => client.send(new LabelParameterVersionCommand({ Name: '/app/a', Labels, ParameterVersion }));
    await put('/app/a', '1');
    await label(['live']);
    await put('/app/a', '2', { Overwrite: true });

    const before = await get('/app/a:live');
    const moved = await label(['live', 'bad label', '1number', 'AWSbad'], 2);
    const after = await get('/app/a:live');
    const taken = await client.send(new UnlabelParameterVersionCommand({ Name: '/app/a', ParameterVersion: 2, Labels: ['live', 'absent'] }));

    expect([before?.Value, after?.Value]).toEqual(['1', '2']);
    expect(moved).toMatchObject({ ParameterVersion: 2, InvalidLabels: ['bad label', '1number', 'AWSbad'] });
    expect(taken).toMatchObject({ RemovedLabels: ['live'], InvalidLabels: ['absent'] });
    expect(await refused(get('/app/a:live'))).toMatchObject({ code: 'ParameterVersionNotFound' });
  });

  test('keeps a hundred versions, and loses none that has a label', async () => {
    await put('/app/a', '0');
    for (let value = 1; value <= 100; value += 1) await put('/app/a', String(value), { Overwrite: true });
    const gone = await refused(get('/app/a:1'));
    await client.send(new LabelParameterVersionCommand({ Name: '/app/a', Labels: ['kept'], ParameterVersion: 2 }));

    expect(gone).toMatchObject({ code: 'ParameterVersionNotFound' });
    expect(await refused(put('/app/a', 'x', { Overwrite: true }))).toMatchObject({ code: 'ParameterMaxVersionLimitExceeded' });
  });

  test('has tags', async () => {
    const on = { ResourceType: 'Parameter', ResourceId: '/app/a' } as const;
    await put('/app/a', '1', { Tags: [{ Key: 'a', Value: '1' }] });

    await client.send(new AddTagsToResourceCommand({ ...on, Tags: [{ Key: 'b', Value: '2' }] }));
    await client.send(new RemoveTagsFromResourceCommand({ ...on, TagKeys: ['a'] }));

    expect((await client.send(new ListTagsForResourceCommand(on))).TagList).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test.each<[string, string, Partial<PutParameterCommandInput>, string, string | RegExp]>([
    ['/app/new', 'x', { Type: undefined }, 'ValidationException', 'A parameter type is required when you create a parameter.'],
    ['/app/new', 'x', { AllowedPattern: '\\d+' }, 'ParameterPatternMismatchException', 'Parameter value, cannot be validated against allowedPattern: \\d+'],
    ['/app/new', 'x'.repeat(4097), {}, 'ValidationException', /^Standard tier parameters support a maximum parameter value of 4096 characters\./],
    ['/app/new', 'x', { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException', /^Invalid request: tags and overwrite can't be used together\./],
    ['/aws/mine', 'x', {}, 'AccessDeniedException', 'No access to reserved parameter name: /aws/mine.'],
    ['ssm-x', 'x', {}, 'ValidationException', /^Parameter name: can't be prefixed with "ssm"/],
    ['/a b', 'x', {}, 'ValidationException', /^Parameter name: can't be prefixed with "ssm"/],
    ['a/b', 'x', {}, 'ValidationException', 'Parameter name must be a fully qualified name.'],
    [`/${Array.from({ length: 16 }, () => 'a').join('/')}`, 'x', {}, 'HierarchyLevelLimitExceededException', /the maximum is 15/],
  ])('%s is refused', async (name, value, more, code, message) => {
    const answer = await refused(put(name, value, more));

    expect(answer).toMatchObject({ code, status: 400 });
    expect(answer.message).toMatch(message);
  });

  test('of the advanced tier may be larger', async () => {
    const value = 'x'.repeat(5000);

    expect(await put('/app/large', value, { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    expect((await get('/app/large'))?.Value).toBe(value);
  });

  test('of AWS tells the newest layer of the AppConfig agent', async () => {
    const [x86, arm64] = [await get('/aws/service/aws-appconfig/lambda-extension/x86/latest'), await get('/aws/service/aws-appconfig/lambda-extension/arm64/latest')];

    expect([x86?.Value, arm64?.Value]).toEqual([
      expect.stringMatching(/^arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:\d+$/),
      expect.stringMatching(/^arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension-Arm64:\d+$/),
    ]);
  });

  test('is in the history by its version, never by its value', async () => {
    const seen: unknown[] = [];
    rig.engine.history.listen(({ kind, subject, detail }) => { seen.push([kind, subject, detail]); });

    await put('/app/a', 'secret');
    await get('/app/a');
    await client.send(new DeleteParameterCommand({ Name: '/app/a' }));

    expect(seen).toEqual([['ssm:parameter', '/app/a', { version: 1 }], ['ssm:parameter', '/app/a', { version: null }]]);
  });
});

describe('parameters of a path', () => {
  const names = async (input: Partial<GetParametersByPathCommandInput>): Promise<(string | undefined)[]> => {
    const { Parameters = [] } = await client.send(new GetParametersByPathCommand({ Path: '/app', ...input }));
    return Parameters.map(({ Name }) => Name);
  };

  beforeEach(async () => {
    await put('/app/a', '1');
    await put('/app/deep/b', '2', { Type: 'SecureString' });
    await put('/apple', '3');
    await put('flat', '4');
  });

  test.each<[Partial<GetParametersByPathCommandInput>, string[]]>([
    [{}, ['/app/a']],
    [{ Recursive: true }, ['/app/a', '/app/deep/b']],
    [{ Path: '/app/', Recursive: true, ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }, ['/app/deep/b']],
    [{ Path: '/', Recursive: true }, ['/app/a', '/app/deep/b', '/apple']],
    [{ Path: '/none' }, []],
  ])('are read with %j', async (input, expected) => {
    expect(await names(input)).toEqual(expected);
  });

  test('are read in the version a label names', async () => {
    await client.send(new LabelParameterVersionCommand({ Name: '/app/a', Labels: ['live'] }));
    await put('/app/a', '9', { Overwrite: true });

    const { Parameters } = await client.send(new GetParametersByPathCommand({ Path: '/app', ParameterFilters: [{ Key: 'Label', Values: ['live'] }] }));

    expect(Parameters?.map(({ Value, Version }) => [Value, Version])).toEqual([['1', 1]]);
    expect(await refused(names({ ParameterFilters: [{ Key: 'Label', Values: ['live', 'other'] }] }))).toEqual({ code: 'InvalidFilterValue', status: 400, message: 'The following filter Label can have only one value' });
  });

  test('come in pages', async () => {
    const first = await client.send(new GetParametersByPathCommand({ Path: '/app', Recursive: true, MaxResults: 1 }));
    const rest = await client.send(new GetParametersByPathCommand({ Path: '/app', Recursive: true, MaxResults: 1, NextToken: first.NextToken }));

    expect([first, rest].map(({ Parameters }) => Parameters?.[0]?.Name)).toEqual(['/app/a', '/app/deep/b']);
    expect(rest.NextToken).toBeUndefined();
  });

  test('are refused for a path that is none', async () => {
    expect((await refused(names({ Path: 'app' }))).message).toMatch(/^The parameter doesn't meet the parameter name requirements\./);
  });

  test.each<[DescribeParametersCommandInput, string[]]>([
    [{}, ['/app/a', '/app/deep/b', '/apple', 'flat']],
    [{ ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/app'] }] }, ['/app/a', '/app/deep/b', '/apple']],
    [{ ParameterFilters: [{ Key: 'Name', Option: 'Contains', Values: ['deep'] }] }, ['/app/deep/b']],
    [{ ParameterFilters: [{ Key: 'Name', Values: ['flat'] }] }, ['flat']],
    [{ ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }, ['/app/deep/b']],
    [{ ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/app'] }] }, ['/app/a', '/app/deep/b']],
    [{ Filters: [{ Key: 'Name', Values: ['/apple'] }] }, ['/apple']],
  ])('are described with %j, without their values', async (input, expected) => {
    const { Parameters = [] } = await client.send(new DescribeParametersCommand(input));

    expect(Parameters.map(({ Name }) => Name)).toEqual(expected);
    expect(JSON.stringify(Parameters)).not.toContain('"Value"');
  });

  test('are refused for a filter that is none', async () => {
    const key = await refused(client.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Colour', Values: ['x'] }] })));
    const option = await refused(client.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'Sounds', Values: ['x'] }] })));

    expect([key.code, option.code]).toEqual(['InvalidFilterKey', 'InvalidFilterOption']);
  });
});

test('the rest of Systems Manager is refused by name', async () => {
  expect(await refused(client.send(new GetDocumentCommand({ Name: 'x' })))).toMatchObject({ status: 501, message: 'sluice-engine does not implement ssm:GetDocument; see engine/operations.md' });
});
