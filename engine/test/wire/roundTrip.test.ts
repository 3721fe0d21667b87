import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcess, loadModel, modelEntries } from '../../lib/wire/index.ts';
import { clientConfig, echo } from './echo.ts';
import { plain, shapeArbitrary, toSdk } from './shapes.ts';

interface Sdk { send(command: object): Promise<Record<string, unknown>> }
type Made<T> = new (options: object) => T;

/** Event streams are no request and answer; two operations of S3's client sign for other services; its copies may not answer nothing, its annotations are streams. */
const ELSEWHERE = /WithResponseStream|StartLiveTail|GetLogObject|SelectObjectContent|WriteGetObjectResponse|ListDirectoryBuckets|CreateSession|CopyObject|UploadPartCopy|GetObjectAnnotation|PutObjectAnnotation/;
/** Members a client fills in, takes away or checks by itself; what they carry is tried in tests of their own. */
const CLIENTS_OWN: ReadonlyMap<string, RegExp> = new Map([
  ['s3', /^(Body|ContentLength|ContentMD5|ContentType|ContentEncoding|Checksum.*|(CopySource)?SSECustomerKey.*|Expires|RequestRoute|Payload)$/],
  ['eventbridge', /^EndpointId$/],
  ['lambda', /^Status(Code)?$/],
]);

function commandOf(client: Record<string, unknown>, operation: string): Made<object> {
  return client[`${operation}Command`] as Made<object>;
}

describe.each([...modelEntries().keys()])('the official client of %s', (service) => {
  const model = loadModel(service);
  const operations = [...model.operations.keys()].filter((name) => !ELSEWHERE.test(name));
  const without = (value: unknown): object => Object.fromEntries(Object.entries(value as object).filter(([name]) => !(CLIENTS_OWN.get(service) ?? /^$/).test(name)));

  it('and the engine understand every operation, both ways, whatever is in it', async () => {
    const client = (await import(`@aws-sdk/client-${service}`)) as Record<string, unknown>;
    const Client = Object.entries(client).find(([name]) => name.endsWith('Client') && !name.startsWith('__'))?.[1] as Made<Sdk>;
    let answer: unknown;
    const door = echo({ [service]: Object.fromEntries(operations.map((name) => [name, () => answer])) });
    const sdk = new Client({ ...clientConfig(), requestHandler: inProcess(door.dispatch), disableHostPrefix: true, forcePathStyle: true, responseChecksumValidation: 'WHEN_REQUIRED', requestChecksumCalculation: 'WHEN_REQUIRED' });

    const exchange = fc.constantFrom(...operations).chain((operation) => {
      const { input, output } = model.operation(operation);
      return fc.record({ operation: fc.constant(operation), input: shapeArbitrary(model, model.shape(input)).map(without), output: shapeArbitrary(model, model.shape(output)).map(without) });
    });
    await fc.assert(fc.asyncProperty(exchange, async ({ operation, input, output }) => {
      const shapes = model.operation(operation);
      door.calls.length = 0;
      answer = output;
      const { $metadata: _, ...got } = await sdk.send(new (commandOf(client, operation))(toSdk(model, model.shape(shapes.input), input) as object));

      expect(door.reports).toEqual([]);
      expect(door.calls.map((call) => call.operation)).toEqual([operation]);
      expect(plain(without(door.calls[0]?.input))).toMatchObject(plain(input) as object);
      expect(plain(without(got))).toEqual(plain(toSdk(model, model.shape(shapes.output), output)));
    }), { numRuns: 3 * operations.length });
  }, 120_000);
});
