import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { Duplex, Readable } from 'node:stream';
import { AppConfigClient, CreateHostedConfigurationVersionCommand, GetApplicationCommand } from '@aws-sdk/client-appconfig';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ListenError, bodyLimit, listen, serveConnection } from '../../lib/wire/index.ts';
import { echo, echoServer, nth, refusal, signedFor } from './echo.ts';

const MEGABYTE = 1024 * 1024;
const GET = `GET /applications/a HTTP/1.1\r\nauthorization: ${signedFor('appconfig').authorization}\r\n`;

/** When a socket is gone, in whatever way. */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => { socket.on('error', () => undefined).once('close', () => { resolve(); }); });
}

/** Everything a raw conversation brings back until the other side hangs up. */
async function converse(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  socket.on('data', (piece: Buffer) => { answer += piece.toString('latin1'); });
  await gone(socket);
  return answer;
}

describe('the listener', () => {
  it('opens on loopback only', async () => {
    const { dispatch } = echo({});

    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.com']) {
      expect(await refusal(listen({ dispatch, host }))).toMatchObject({ code: 'ENGINE-HOST-1', value: host, remedy: 'use 127.0.0.1 or ::1' });
    }
  });

  it('says which port is in use and what to do', async () => {
    const { listener, dispatch } = await echoServer({});

    const error = await refusal(listen({ dispatch, port: listener.port }));

    expect(error).toBeInstanceOf(ListenError);
    expect(error.message).toBe(`ENGINE-PORT-1: port ${listener.port} of 127.0.0.1 is in use; choose another, or 0 for any free one`);
    expect(await refusal(listen({ dispatch, port: 70_000 }))).toMatchObject({ code: 'ENGINE-PORT-2', value: '70000' });
  });

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '169.254.169.254', '', 'localhost@evil.example', '.localhost'])('refuses the foreign Host header %j', async (host) => {
    const { listener, calls } = await echoServer({ appconfig: { GetApplication: {} } });

    const answer = await converse(listener.port, `${GET}host: ${host}\r\nconnection: close\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*the engine answers only to 127\.0\.0\.1, localhost/);
    expect(calls).toEqual([]);
  });

  it.each(['127.0.0.1', 'localhost', 'localhost:4566', '[::1]:80', 'bucket.localhost', 'LOCALHOST'])('answers to the Host header %s', async (host) => {
    const { listener } = await echoServer({ appconfig: { GetApplication: {} } });

    expect(await converse(listener.port, `${GET}host: ${host}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['origin: https://evil.example', 'https://evil.example'], ['origin: null', 'null'], ['origin: http://localhost.evil.example:4566', 'evil.example'], ['origin: http://evil.example\\@localhost', 'evil.example'],
    ['origin: localhost', undefined], ['origin: http://localhost:3000', undefined], ['origin: http://127.0.0.1:4566\r\nsec-fetch-site: same-origin', undefined],
    ['sec-fetch-site: cross-site', 'cross-site'], ['sec-fetch-site: none', undefined], ['sec-fetch-site: same-site', undefined],
  ])('runs nothing for a web page of another site: %j', async (headers, named) => {
    const { listener, calls } = await echoServer({ lambda: { CreateFunction: {} } });
    // What needs no permission of the server before a browser sends it: no signature, and a type that forms may have.
    const body = '{"FunctionName":"f","Role":"r","Code":{}}';

    const answer = await converse(listener.port, `POST /2015-03-31/functions HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);

    expect(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]).toBe(named === undefined ? '201' : '403');
    expect(answer).toContain(named ?? '');
    expect(calls).toHaveLength(named === undefined ? 1 : 0);
  });

  it('leaves no socket open when it closes, whether idle, halfway through a request or waiting for an answer', async () => {
    let asked = (): void => undefined;
    const started = new Promise<void>((resolve) => { asked = resolve; });
    const { dispatch } = echo({ appconfig: { GetApplication: () => { asked(); return new Promise(() => { /* never answered */ }); } } });
    const listener = await listen({ dispatch });
    const sockets: Socket[] = ['', 'GET /applications HTTP/1.1\r\nhost: loc', `${GET}host: localhost\r\n\r\n`].map((text) => connect(listener.port, '127.0.0.1', function written(this: Socket) { this.write(text); }));
    const closed = sockets.map((socket) => gone(socket.resume()));
    await started;

    await listener.close();
    await Promise.all(closed);

    expect(await refusal(once(connect(listener.port, '127.0.0.1'), 'connect'))).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('answers many requests of one connection in their order', async () => {
    const { listener, calls } = await echoServer({ appconfig: { GetApplication: (input: { ApplicationId: string }) => ({ Id: input.ApplicationId }) } });
    const one = (id: number): string => `GET /applications/${id} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${signedFor('appconfig').authorization}\r\n${id === 49 ? 'connection: close\r\n' : ''}\r\n`;

    const answer = await converse(listener.port, Array.from({ length: 50 }, (_, id) => one(id)).join(''));

    expect(calls).toHaveLength(50);
    expect([...answer.matchAll(/"Id":"(\d+)"/g)].map(([, id]) => Number(id))).toEqual(Array.from({ length: 50 }, (_, id) => id));
  });

  it('gives a HEAD its length and no body', async () => {
    const { listener } = await echoServer({ s3: { HeadObject: { ContentLength: 12, ETag: '"e"' } } });

    const answer = await converse(listener.port, `HEAD /b/k HTTP/1.1\r\nhost: localhost\r\nauthorization: ${signedFor('s3').authorization}\r\nconnection: close\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*content-length: 12[^]*\r\n\r\n$/);
  });
});

describe('an answer', () => {
  it('with text no header can hold is written percent-encoded, and one HTTP cannot carry is a 500', async () => {
    const { listener } = await echoServer({ s3: {
      HeadObject: { ContentLanguage: 'a\r\nset-cookie: b \u2713 \ud800 é' },
      GetObject: { Body: 'x', Metadata: { 'a b': 'c' } },
    } });
    const ask = (line: string): Promise<string> => converse(listener.port, `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${signedFor('s3').authorization}\r\nconnection: close\r\n\r\n`);

    const odd = await ask('HEAD /b/k');
    const impossible = await ask('GET /b/k');

    expect(odd).toContain('content-language: a%0D%0Aset-cookie: b %E2%9C%93 %EF%BF%BD \u00e9\r\n');
    expect(impossible).toMatch(/^HTTP\/1\.1 500 [^]*could not write/);
  });
});

describe('the body', () => {
  it('of an API may have 6 MiB, an upload to S3 or Lambda 64', async () => {
    const { client, calls } = await echoServer({ appconfig: { CreateHostedConfigurationVersion: {} }, s3: { PutObject: {} }, lambda: { CreateFunction: {} } });
    const content = Buffer.alloc(7 * MEGABYTE, 'x');
    const at = { ApplicationId: 'a', ConfigurationProfileId: 'p', ContentType: 'text/plain' };

    const refused = await refusal(new AppConfigClient(client).send(new CreateHostedConfigurationVersionCommand({ ...at, Content: content })));
    await new AppConfigClient(client).send(new CreateHostedConfigurationVersionCommand({ ...at, Content: content.subarray(0, 6 * MEGABYTE) }));
    await new S3Client({ ...client, forcePathStyle: true }).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: content }));
    await new LambdaClient(client).send(new CreateFunctionCommand({ FunctionName: 'f', Role: 'r', Code: { ZipFile: content } }));

    expect(refused).toMatchObject({ message: expect.stringMatching(/6291456|EPIPE|ECONNRESET/) as string });
    expect(calls.map(({ operation }) => operation)).toEqual(['CreateHostedConfigurationVersion', 'PutObject', 'CreateFunction']);
    const { ZipFile } = nth(calls, 2).input['Code'] as { ZipFile: Buffer };
    expect(ZipFile.equals(content)).toBe(true);
  });

  it.each(['content-length: 104857600', 'transfer-encoding: chunked'])('of 100 MB (%s) is refused early, with 413 and without growing memory', async (length) => {
    const { listener, calls } = await echoServer({ appconfig: { CreateApplication: {} } });
    const socket = connect(listener.port, '127.0.0.1');
    onTestFinished(() => { socket.destroy(); });
    let answer = '';
    socket.on('data', (piece: Buffer) => { answer += piece.toString(); });
    const before = process.memoryUsage();
    socket.write(`POST /applications HTTP/1.1\r\nhost: localhost\r\nauthorization: ${signedFor('appconfig').authorization}\r\n${length}\r\n\r\n`);

    let sent = 0;
    const piece = Buffer.alloc(MEGABYTE, 'x');
    const closed = gone(socket);
    for (; !socket.destroyed && sent < 100; sent += 1) {
      const chunk = length.startsWith('transfer') ? Buffer.concat([Buffer.from('100000\r\n'), piece, Buffer.from('\r\n')]) : piece;
      if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => { socket.once('drain', resolve); }), closed]);
    }
    socket.end();
    await closed;
    const after = process.memoryUsage();

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(length.startsWith('transfer') ? /at most 6291456 bytes, got more; send less/ : /^x-amzn-errortype: RequestEntityTooLargeException:\r\n[^]*at most 6291456 bytes, got 104857600 bytes; send less/m);
    expect(sent).toBeLessThan(30);
    expect(after.rss - before.rss).toBeLessThan(60 * MEGABYTE);
    expect(calls).toEqual([]);
  });

  it('is not even sent by a caller who asks first', async () => {
    const { listener } = await echoServer({ appconfig: { CreateApplication: { Id: 'made' } } });
    const ask = (length: number): string => `POST /applications HTTP/1.1\r\nhost: localhost\r\nauthorization: ${signedFor('appconfig').authorization}\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;

    const large = await converse(listener.port, ask(100 * MEGABYTE));
    const small = await converse(listener.port, `${ask(12)}{"Name":"n"}\n`);

    expect(large).toMatch(/^HTTP\/1\.1 413 /);
    expect(small).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 [^]*"made"/);
  });

  it('of a stream comes in chunks with a trailing checksum, and is put together', async () => {
    const { client, calls } = await echoServer({ s3: { PutObject: {} } });
    const s3 = new S3Client({ ...client, forcePathStyle: true });

    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: Readable.from([Buffer.from('one '), Buffer.from('two')]), ContentLength: 7, ContentEncoding: 'x-own' }));

    const { input, request: seen } = nth(calls, 0);
    expect(Buffer.from(input['Body'] as Uint8Array).toString()).toBe('one two');
    expect(seen.headers['x-amz-content-sha256']).toMatch(/^STREAMING-/);
    expect(input).toMatchObject({ ContentLength: 7, ContentEncoding: 'x-own', ChecksumCRC32: expect.any(String) as string });
  });
});

describe('HTTP over a duplex', () => {
  function pair(): [Duplex, Duplex] {
    const sides: Duplex[] = [];
    const side = (other: number): Duplex => new Duplex({
      read() { return undefined; },
      write(piece: Buffer, _encoding, done) { sides[other]?.push(piece); done(); },
      final(done) { sides[other]?.push(null); done(); },
    });
    sides.push(side(1), side(0));
    const [near, far] = sides;
    if (!near || !far) throw new Error('a pair has two sides');
    return [near, far];
  }

  it('is the same as over a port, and no host is foreign there', async () => {
    const { dispatch, calls } = echo({ appconfig: { GetApplication: { Id: 'a' } } });
    const [near, far] = pair();
    serveConnection(far, dispatch);
    let answer = '';
    near.on('data', (piece: Buffer) => { answer += piece.toString(); });

    near.write(`${GET}host: appconfig.us-east-1.amazonaws.com\r\n\r\n`);
    near.write(`${GET}host: localhost\r\nconnection: close\r\n\r\n`);
    await once(near, 'end');

    expect(calls).toHaveLength(2);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});

describe('a caller', () => {
  it('that hangs up halfway harms nobody else', async () => {
    const { listener, client, reports } = await echoServer({ appconfig: { GetApplication: { Id: 'a' } } });
    const half = request({ port: listener.port, host: '127.0.0.1', method: 'POST', path: '/applications', agent: new Agent(), headers: { ...signedFor('appconfig'), 'content-length': 100 } });
    const failed = once(half, 'error').catch(() => undefined);
    half.write('{');
    half.destroy();
    await failed;

    const answer = await new AppConfigClient(client).send(new GetApplicationCommand({ ApplicationId: 'a' }));

    expect(answer.Id).toBe('a');
    expect(reports).toEqual([]);
  });

  it('finds a port that was taken by another server reported, not hidden', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => { other.close(); });

    expect(await refusal(listen({ dispatch: echo({}).dispatch, bodyLimit, port: (other.address() as AddressInfo).port }))).toMatchObject({ code: 'ENGINE-PORT-1' });
  });
});
