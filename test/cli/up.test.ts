import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Sluice, sluice } from './sluice.ts';

const FREE = ['--port', '0', '--agent-port', 'off'];
const HUNDRED_MB = 100 * 1024 * 1024;

interface Listening {
  readonly endpoint: string;
  readonly agent: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

async function listening(child: Sluice): Promise<Listening> {
  return JSON.parse(await child.says(/\n$/)) as Listening;
}

/** Sends a body piece by piece until it is sent or answered; with its length told, or without. */
function send(endpoint: string, told: boolean): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const message = request(endpoint, { method: 'POST', headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution', ...(told ? { 'content-length': HUNDRED_MB } : {}) } });
    const piece = Buffer.alloc(1024 * 1024);
    let sent = 0;
    let answered = false;
    const more = (): void => {
      while (!answered && sent < HUNDRED_MB) {
        sent += piece.length;
        if (!message.write(piece)) return void message.once('drain', more);
      }
      if (!answered) message.end();
    };
    message.on('response', (response) => {
      answered = true;
      response.resume();
      response.once('close', () => { resolve(response.statusCode); });
    });
    // Having been answered, the engine hangs up on the rest.
    message.on('error', (error) => { if (!answered) reject(error); });
    more();
  });
}

function memoryOf(child: Sluice): number {
  const status = `/proc/${child.process.pid}/status`;
  return existsSync(status) ? Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024 : 0;
}

describe('sluice up', () => {
  it('answers SDKs where it says, and its agent too', async () => {
    await using child = new Sluice(['up', '--port', '0', '--agent-port', '0', '--json']);

    const { endpoint, agent, environment } = await listening(child);

    expect(environment).toEqual({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'sluice', AWS_SECRET_ACCESS_KEY: 'sluice' });
    const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '' } = environment;
    const list = await fetch(`${endpoint}/applications`, { headers: { authorization: `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/20260101/${AWS_REGION}/appconfig/aws4_request` } });
    expect(await list.json()).toEqual({ Items: [] });
    const read = await fetch(`${agent}/applications/a/environments/b/configurations/c`);
    expect(read.status).toBe(404);
  });

  it.each<[NodeJS.Signals]>([['SIGINT'], ['SIGTERM'], ['SIGHUP']])('ends at %s with 0 and leaves nothing behind', async (signal) => {
    await using child = new Sluice(['up', '--port', '0', '--agent-port', '0', '--json']);
    const { endpoint, agent } = await listening(child);
    const during = readdirSync(child.folder);

    child.process.kill(signal);

    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
    expect(during).toHaveLength(1);
    expect(readdirSync(child.folder)).toEqual([]);
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
    await expect(fetch(String(agent))).rejects.toThrow('fetch failed');
  });

  it('ends at once at the second Ctrl-C, and leaves nothing behind either', async () => {
    await using child = new Sluice(['up', ...FREE, '--json']);
    const { endpoint } = await listening(child);
    // A request that is never finished keeps an engine that ends in order waiting.
    const unfinished = request(endpoint, { method: 'POST', headers: { 'content-length': 10 } }).on('error', () => undefined);
    unfinished.write('x');
    await new Promise((resolve) => { unfinished.once('socket', (socket) => { socket.once('connect', resolve); }); });

    child.process.kill('SIGINT');
    child.process.kill('SIGTERM');

    expect(await child.ended).toMatchObject({ code: 130 });
    expect(readdirSync(child.folder)).toEqual([]);
  });

  it('keeps the folder it was given, and writes nowhere else', async () => {
    await using child = new Sluice(['up', ...FREE, '--json']);
    await using given = new Sluice(['up', ...FREE, '--data', join(child.folder, 'data'), '--json']);
    await listening(given);

    given.process.kill('SIGINT');
    await given.ended;

    expect(readdirSync(given.folder)).toEqual([]);
    expect(existsSync(join(child.folder, 'data'))).toBe(true);
  });

  it.each([
    ['/bin/zsh', 'export AWS_REGION=us-east-1'],
    ['/usr/bin/fish', 'set -gx AWS_REGION us-east-1'],
    ['/usr/bin/pwsh', "$env:AWS_REGION = 'us-east-1'"],
  ])('says what to paste into %s', async (SHELL, line) => {
    await using child = new Sluice(['up', ...FREE], { SHELL });

    const text = await child.says(/Ctrl-C/);

    expect(text.split('\n')).toContain(`  ${line}`);
    expect(text.replaceAll(/:\d{4,5}\b/g, ':4566')).toMatch(/^A local AWS answers at http:\/\/127\.0\.0\.1:4566 \(real clock, seed sluice\)\.\n/);
  });

  it('lets time stand still with a virtual clock until it is told', async () => {
    await using child = new Sluice(['up', ...FREE, '--clock', 'virtual', '--json']);
    const { endpoint } = await listening(child);

    const moved = await fetch(`${endpoint}/_engine/clock?advance=60000`, { method: 'POST' });

    expect(await moved.json()).toMatchObject({ mode: 'virtual', now: '2026-01-01T00:01:00.000Z' });
  });

  it.each([
    ['--port', (port: number) => ['--port', String(port), '--agent-port', 'off'], 'sluice up --port 0'],
    ['--agent-port', (port: number) => ['--port', '0', '--agent-port', String(port)], 'sluice up --agent-port off'],
  ])('refuses a %s that is in use, with the line to try, and leaves nothing behind', async (_, options, hint) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => { holder.once('listening', resolve); });
    const { port } = holder.address() as AddressInfo;
    await using child = new Sluice(['up', ...options(port)]);

    const { code, stdout, stderr } = await child.ended;
    holder.close();

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`error: ENGINE-PORT-1: port ${port} of 127.0.0.1 is in use; choose another, or 0 for any free one\ntry: ${hint}\n`);
    expect(readdirSync(child.folder)).toEqual([]);
  });

  it('refuses a data folder that is a file', async () => {
    const { code, stderr } = await sluice(['up', ...FREE, '--data', process.execPath]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: SLUICE-CLI-6: the system refused: EEXIST: .*; check the path and who may use it\n$/);
  });

  it.each([['told', true], ['untold', false]])('refuses a body of 100 MB of %s length with 413, and its memory stays', async (_, told) => {
    await using child = new Sluice(['up', ...FREE, '--json']);
    const { endpoint } = await listening(child);
    const before = memoryOf(child);

    const status = await send(endpoint, told);

    expect(status).toBe(413);
    expect(memoryOf(child) - before).toBeLessThan(40);
    expect((await fetch(`${endpoint}/_engine/health`)).status).toBe(200);
  });
});
