import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand } from '@aws-sdk/client-appconfig';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Store } from '../../lib/adapters/store/index.ts';
import { ShiftStore } from '../../lib/adapters/store/shifts.ts';
import { beginningOfShift, canaryShift, nextOfShift, routesOf, type ShiftRecord, type ShiftVerdict } from '../../lib/core/index.ts';
import { inShell } from './shell.ts';
import { sluice, type Ran } from './sluice.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine';
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
let engine: Engine;
let shifts: ShiftStore;

/** An environment with its store, and nothing in it. */
beforeAll(async () => {
  engine = await startEngine({ clock: 'virtual' });
  const options = { region: engine.region, endpoint: engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } };
  await new S3Client({ ...options, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'epochs' }));
  const appconfig = new AppConfigClient(options);
  const { Id: ApplicationId } = await appconfig.send(new CreateApplicationCommand({ Name: 'orders' }));
  await appconfig.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'production' }));
  await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'orders-production', LocationUri: 'hosted', Validators: [{ Type: 'LAMBDA', Content: 'arn:aws:lambda:us-east-1:000000000000:function:validate' }], Tags: { 'sluice:store': 'epochs' } }));
  shifts = new ShiftStore(await S3Store.open('epochs', options));
});
afterAll(() => engine.close());

function run(...args: string[]): Promise<Ran> {
  return inShell(['shift', ...args], environment());
}

function environment(): Record<string, string> {
  return { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' };
}

const VERDICT: ShiftVerdict = {
  kind: 'continue', at: '2026-01-01T00:04:00.000Z', p: 0.4, reason: 'ExecutionsFailed: canary 1 bad of 60 (1.7 %), control 2 bad of 540 (0.37 %); a rollback needs more',
  counts: { ExecutionsFailed: { canary: { starts: 60, bad: 1 }, control: { starts: 540, bad: 2 } } },
};

/** A shift as it stands some looks after its beginning. */
async function shifting(workflow: string, looks: number): Promise<ShiftRecord> {
  const of = { workflow, aliasArn: `${MACHINE}:${workflow}:live`, application: 'orders', environment: 'production', plan: canaryShift(10, 20) };
  const routes = [{ StateMachineVersionArn: `${MACHINE}:${workflow}:6`, Weight: 100 }];
  const beginning = beginningOfShift({ of, known: undefined, wanted: `${MACHINE}:${workflow}:7`, routes, execution: 'leader', leads: false, now: BEGAN });
  if (beginning.kind !== 'lead') throw new Error('there is nothing to shift');
  let { record } = beginning;
  for (let look = 0; look < looks; look += 1) ({ record } = nextOfShift(record, { now: BEGAN + look * 30_000, routes: look === 0 ? routes : routesOf(record), ...(look > 4 ? { verdict: VERDICT } : {}) }));
  await shifts.keep(record, (await shifts.newest(workflow))?.revision);
  return record;
}

describe('sluice shift', () => {
  it('shows how workflows shift, at 80 columns, and as an object', async () => {
    const none = await sluice(['shift', '--env', 'orders/production'], environment());
    const record = await shifting('orders', 10);
    const [shown, object] = [await run('--env', 'orders/production', '--ascii'), await run('status', 'orders', '--env', 'orders/production', '--json')];

    expect(none.stdout).toBe('orders/production  no workflow has shifted yet\n');
    await expect(shown.stdout).toMatchFileSnapshot('./shift.txt');
    expect(shown.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((JSON.parse(object.stdout) as { environments: unknown }).environments).toEqual([{ place: 'orders/production', shifts: [record] }]);
  });

  it.each(['pause', 'promote', 'abort'] as const)('asks to %s, with who and why', async (action) => {
    await shifting('orders', 10);
    const { code, stdout } = await run(action, '--env', 'orders/production', '--as', 'Ada', '--why', 'it is late');

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`asked to ${action} the shift of orders in orders/production to version 7`) });
    expect((await shifts.newest('orders'))!.record.asked).toMatchObject({ kind: action, by: 'Ada', why: 'it is late' });
  });

  it.each([
    ['resume', 'SLUICE-SHIFT-8: the shift of orders cannot be asked to resume: it is not paused', 1],
    ['pause --watch', 'SLUICE-CLI-3: --watch must be given with status, got pause', 2],
    ['pray', 'SLUICE-CLI-3: action must be status, pause, resume, promote or abort, got pray', 2],
  ])('refuses to %s', async (action, message, exit) => {
    await shifting('orders', 10);
    const { code, stderr } = await run(...action.split(' '), '--env', 'orders/production', '--as', 'Ada');

    expect([code, stderr]).toEqual([exit, expect.stringContaining(message)]);
  });

  it('wants a name where several shift, and says where none does', async () => {
    await shifting('orders', 10);
    await shifting('payments', 10);
    const [several, other, unknown] = [await run('pause', '--env', 'orders/production', '--as', 'Ada'), await run('pause', 'invoices', '--env', 'orders/production', '--as', 'Ada'), await run('status', 'invoices', '--env', 'orders/production')];

    expect(several.stderr).toContain('SLUICE-SHIFT-7: several workflows in orders/production are shifting: orders, payments; name the one that is meant');
    expect(other.stderr).toContain('SLUICE-SHIFT-6: no workflow in orders/production is shifting by the name invoices');
    expect([unknown.code, unknown.stderr]).toEqual([1, other.stderr]);
  });

  it('says when no controller looks any more, and ends such a shift by abort, which nobody else would hear', async () => {
    const record = await shifting('refunds-of-orders-that-were-paid-by-a-card-which-has-expired-in-the-meantime', 10);
    await engine.clock.advance(Date.parse(record.lookedAt) + 20 * 60_000 - engine.clock.now());

    const shown = await run('status', record.workflow, '--env', 'orders/production');
    const { code, stdout } = await run('abort', record.workflow, '--env', 'orders/production', '--as', 'Ada', '--why', 'its stack is gone');

    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toContain(`no controller has looked at it for 20 min: \`sluice shift abort ${record.workflow}\` ends it, and leaves the alias as it is`);
    expect(shown.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([0, expect.stringContaining(`ended the shift of ${record.workflow} in orders/production to version 7: aborted by Ada: its stack is gone; no controller has looked at it since `)]);
    expect((await shifts.newest(record.workflow))!.record).toMatchObject({ state: 'aborted', weight: 10, asked: null, endedAt: expect.stringMatching(/Z$/), log: expect.arrayContaining([expect.objectContaining({ state: 'aborted' })]) });
  });
});
