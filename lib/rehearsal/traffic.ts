import type { Driver, Engine } from 'sluice-engine';
import { ask } from './ask.ts';

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
      started.push(await driver.park(() => startExecution(engine, traffic, n)));
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

/** The SDK would cost more than the execution it starts. */
async function startExecution(engine: Engine, traffic: Traffic, n: number): Promise<string> {
  const answer = await ask(engine, 'AWSStepFunctions.StartExecution', {
    stateMachineArn: traffic.stateMachineArn, name: `order-${String(n).padStart(6, '0')}`, input: JSON.stringify(traffic.input(n)),
  }) as { executionArn: string };
  return answer.executionArn;
}
