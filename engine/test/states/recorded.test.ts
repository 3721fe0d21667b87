import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { startStage, type Stage } from './stage.ts';

/** A sequence of calls with what AWS answered (recorded/NOTICE.md). */
interface Row {
  readonly id: string;
  readonly group: string;
  /** Day-month-year, time. */
  readonly recorded_date: string;
  readonly calls: readonly RecordedCall[];
  readonly placeholders: readonly { readonly regex: string; readonly replacement: string }[];
}

interface RecordedCall {
  readonly i: number;
  readonly op: string;
  readonly params: object;
  readonly raises?: boolean;
  readonly recorded?: { readonly response?: unknown; readonly error?: { readonly code: string; readonly message: string; readonly http_status?: number } };
}

type Fields = Readonly<Record<string, unknown>>;
type Command = Parameters<Stage['sfn']['send']>[0];

const ROWS = JSON.parse(readFileSync(new URL('recorded/versions.json', import.meta.url), 'utf8')) as readonly Row[];
/** When AWS put encryptionConfiguration into its descriptions. */
const ENCRYPTION_SINCE = '2024-07-25';
/** What the recordings put in the place of values that differ from run to run; the same one stands for the same value. */
const NUMBERED = /(<[A-Za-z]+(?::\d+|_\d+idx)>)/;

it.each(ROWS)('$group: $id is answered as AWS answered', async (row) => {
  await using stage = await startStage({ account: '111111111111' });
  const answers: Fields[] = [];

  for (const call of row.calls) {
    if (call.op.startsWith('$await_')) await stage.rig.advance(5000);
    else answers[call.i] = await send(stage, call, answers);
  }

  const compared = row.calls.filter(({ recorded }) => recorded !== undefined);
  const ours = compared.map(({ i }) => asRecorded(row, answers[i] ?? {}));
  const theirs = compared.map(({ recorded }) => (recorded?.error ? { code: recorded.error.code, message: recorded.error.message } : recorded?.response));
  expect(compared.length).toBeGreaterThan(0);
  expect(bound(ours, theirs, new Map())).toEqual(theirs);
});

/** Sends a recorded call; a refusal is answered by its code and message. */
async function send(stage: Stage, { op, params }: RecordedCall, answers: readonly Fields[]): Promise<Fields> {
  const name = `${op.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Command`;
  const make = (sdk as unknown as Readonly<Record<string, new (input: unknown) => Command>>)[name]!;
  const text = JSON.stringify(params).replace(/\{\{(\d+)\.(\w+)\}\}/g, (_, at: string, member: string) => JSON.stringify(answers[Number(at)]?.[member] ?? '').slice(1, -1));
  try {
    return await stage.sfn.send(new make(JSON.parse(text, (_, value: unknown) => value ?? undefined))) as unknown as Fields;
  } catch (error) {
    const { name: code, message } = error as Error;
    return { code, message };
  }
}

/** An answer as the recording masks its own: dates, ARN parts, names. */
function asRecorded(row: Row, answer: Fields): unknown {
  const day = row.recorded_date.replace(/^(\d+)-(\d+)-(\d+).*$/, '$3-$2-$1');
  const hidden = day < ENCRYPTION_SINCE ? ['$metadata', 'encryptionConfiguration'] : ['$metadata'];
  const text = JSON.stringify(answer, function mask(this: Fields, key: string, value: unknown) {
    return hidden.includes(key) ? undefined : this[key] instanceof Date ? 'datetime' : value;
  });
  const words = row.placeholders.toSorted((one, other) => other.regex.length - one.regex.length);
  const masked = words.reduce((all, { regex, replacement }) => all.replaceAll(regex, replacement), text).replaceAll('arn:aws:', 'arn:<partition>:').replaceAll(':us-east-1:', ':<region>:');
  return JSON.parse(masked, (_, value: unknown) => (typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) as unknown : value));
}

/** Ours with theirs' numbered placeholders in the place of our values, as long as each stands for one value. */
function bound(ours: unknown, theirs: unknown, seen: Map<string, unknown>): unknown {
  if (typeof theirs === 'string') return boundText(ours, theirs, seen);
  if (Array.isArray(theirs) && Array.isArray(ours)) return ours.map((item, at) => bound(item, theirs[at], seen));
  if (!isFields(theirs) || !isFields(ours)) return ours;
  return Object.fromEntries(Object.entries(ours).map(([key, item]) => [key, bound(item, theirs[key], seen)]));
}

function boundText(ours: unknown, theirs: string, seen: Map<string, unknown>): unknown {
  if (typeof ours !== 'string' || !NUMBERED.test(theirs)) return ours;
  const pieces = theirs.split(NUMBERED);
  const pattern = new RegExp(`^${pieces.map((piece) => (NUMBERED.test(piece) ? '(.+?)' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('')}$`);
  const values = pattern.exec(ours)?.slice(1) ?? [];
  const same = pieces.filter((piece) => NUMBERED.test(piece)).every((name, at) => values[at] !== undefined && (seen.get(name) ?? values[at]) === values[at] && seen.set(name, values[at]));
  return same ? theirs : ours;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
