import type { Driver, Engine, WireResponse } from 'sluice-engine';

/** A steady source of executions. */
export interface Traffic {
  readonly stateMachineArn: string;
  /** Milliseconds between two starts. */
  readonly everyMs: number;
  /** The input of the n-th execution. */
  readonly input: (n: number) => unknown;
}

/** A running source of executions. */
export interface RunningTraffic {
  /** The ARNs of what was started, in order. */
  readonly started: readonly string[];
  /** Starts no more; resolves when the last start was answered. */
  stop(): Promise<void>;
}

/** Starts executions in the background, as an actor of its own. */
export function beginTraffic(engine: Engine, traffic: Traffic): RunningTraffic {
  const started: string[] = [];
  let stopped = false;
  const ended = engine.drive(async (driver: Driver) => {
    for (let n = 1; !stopped; n += 1) {
      const answer = await driver.park(() => startExecution(engine, traffic, n));
      started.push((JSON.parse(Buffer.from(answer.body).toString()) as { executionArn: string }).executionArn);
      await driver.sleep(traffic.everyMs);
    }
  });
  return {
    started,
    stop: () => {
      stopped = true;
      return ended;
    },
  };
}

/** Written by hand, since the SDK would cost more than the execution it starts. */
async function startExecution(engine: Engine, traffic: Traffic, n: number): Promise<WireResponse> {
  const answer = await engine.dispatch({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' },
    body: Buffer.from(JSON.stringify({ stateMachineArn: traffic.stateMachineArn, name: `order-${String(n).padStart(6, '0')}`, input: JSON.stringify(traffic.input(n)) })),
  });
  if (answer.status !== 200) throw new Error(`StartExecution was refused: ${Buffer.from(answer.body).toString()}`);
  return answer;
}
