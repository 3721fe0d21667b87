// Plays recorded executions that call services against a whole engine on virtual time, so that the calls are made and not fed.
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import { library } from './conformance-api.mjs';

const ACCOUNT = '111111111111';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/sfn-role-00000001`;
/** Integrations whose recorded rows need nothing but a bucket; what waits for others was recorded with machines that the rows do not carry. */
const PLAYED = /^arn:aws:states:::(?:aws-sdk:s3:\w+|events:putEvents|states:startExecution)$/;
/** Since when the SDK for Java counts its attempts in its messages. */
const COUNTED_SINCE = '2025-02-01';

/** Whether a row's services are called when it is played: all of them are the engine's. */
export function callsServices(row) {
  const resources = [...JSON.stringify(row.definition ?? {}).matchAll(/"Resource":"([^"]+)"/g)].map(([, arn]) => arn);
  return row.mode === 'recorded_tasks' && row.kind === 'execution' && row.queryLanguage === 'JSONPath' && resources.length > 0 && resources.every((arn) => PLAYED.test(arn));
}

/** Plays a row from the machine's creation to the execution's end; `input` is the text it was started with. */
export async function playThrough(row, input) {
  const { startEngine, inProcess } = await library();
  const engine = await startEngine({ clock: 'virtual', port: false, account: ACCOUNT, seed: row.id });
  const configuration = { region: engine.region, endpoint: 'http://localhost', maxAttempts: 1, forcePathStyle: true, credentials: { accessKeyId: 'conformance', secretAccessKey: 'conformance' }, requestHandler: inProcess(engine.dispatch) };
  const states = new sfn.SFNClient(configuration);
  try {
    if (row.input?.Bucket) await new s3.S3Client(configuration).send(new s3.CreateBucketCommand({ Bucket: row.input.Bucket }));
    const { stateMachineArn } = await states.send(new sfn.CreateStateMachineCommand({ name: named(row, '<ArnPart_0idx>') ?? 'machine', definition: JSON.stringify(row.definition), roleArn: ROLE }));
    const { executionArn } = await states.send(new sfn.StartExecutionCommand({ stateMachineArn, name: named(row, '<ExecArnPart_0idx>') ?? 'execution', input }));
    await engine.clock.advance(60_000);
    const { status, output, error, cause } = await states.send(new sfn.DescribeExecutionCommand({ executionArn }));
    const { events } = await states.send(new sfn.GetExecutionHistoryCommand({ executionArn }));
    return ofItsDay(row, { status, output: output && JSON.parse(output), error: error ?? null, cause: cause ?? null, events });
  } finally {
    await engine.close();
  }
}

function named(row, placeholder) {
  return (row.placeholders ?? []).find(({ replacement }) => replacement === placeholder)?.regex;
}

function ofItsDay(row, answer) {
  const day = row.recorded_date.replace(/^(\d+)-(\d+)-(\d+).*$/, '$3-$2-$1');
  return day >= COUNTED_SINCE ? answer : JSON.parse(JSON.stringify(answer).replaceAll(' (SDK Attempt Count: 1)', ''));
}
