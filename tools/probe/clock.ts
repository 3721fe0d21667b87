/** Time as a probe needs it: on AWS it is waited for, on an engine with a virtual clock it is moved. */
export interface Clock {
  /** Epoch milliseconds of the target. */
  now(): Promise<number>;
  /** Lets milliseconds pass; rejects with the signal's reason when the run is interrupted. */
  wait(ms: number): Promise<void>;
}

/** The clock on the wall. */
export function wallClock(signal: AbortSignal): Clock {
  return {
    now: async () => Date.now(),
    wait: (ms) => new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal.addEventListener('abort', stop, { once: true });
    }),
  };
}

/** What `GET /_engine/clock` answers. */
export interface EngineTime {
  readonly mode: 'real' | 'virtual';
  readonly epochMilliseconds: number;
}

/** The clock of an engine, or undefined when the endpoint is none. */
export async function engineTime(endpoint: string, advance?: number): Promise<EngineTime | undefined> {
  const url = new URL('/_engine/clock', endpoint);
  if (advance !== undefined) url.searchParams.set('advance', String(advance));
  const answer = await fetch(url, { method: advance === undefined ? 'GET' : 'POST' });
  if (!answer.ok) {
    await answer.body?.cancel();
    return undefined;
  }
  const time: unknown = await answer.json().catch(() => undefined);
  return typeof time === 'object' && time !== null && 'epochMilliseconds' in time ? time as EngineTime : undefined;
}

/** The virtual clock of an engine, moved over HTTP. */
export function virtualClock(endpoint: string, signal: AbortSignal): Clock {
  const ask = async (advance?: number): Promise<number> => {
    const time = await engineTime(endpoint, advance);
    if (time === undefined) throw new Error(`the engine at ${endpoint} no longer tells the time`);
    return time.epochMilliseconds;
  };
  return {
    now: () => ask(),
    async wait(ms) {
      signal.throwIfAborted();
      await ask(Math.max(0, Math.ceil(ms)));
    },
  };
}
