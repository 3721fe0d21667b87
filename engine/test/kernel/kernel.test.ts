import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Driver } from '../../lib/kernel/driver.ts';
import { Draws } from '../../lib/kernel/draws.ts';
import { Heap } from '../../lib/kernel/heap.ts';
import { Kernel } from '../../lib/kernel/kernel.ts';

/** A kernel that runs until the test is over. */
async function withKernel<T>(use: (kernel: Kernel) => Promise<T>): Promise<T> {
  const kernel = new Kernel({ mode: 'virtual', start: 0 });
  const running = kernel.run();
  try {
    return await use(kernel);
  } finally {
    kernel.stop();
    await running;
  }
}

describe('the kernel in virtual time', () => {
  it('fires timers in the order of time, then of setting, and never runs backwards or past pending work', async () => {
    const plan = fc.array(fc.record({ delay: fc.integer({ min: 0, max: 50 }), again: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 }) }), { minLength: 1, maxLength: 30 });

    await fc.assert(fc.asyncProperty(plan, (timers) => withKernel(async (kernel) => {
      const fired: { due: number; at: number; set: number }[] = [];
      let set = 0;
      const arm = (delay: number, again: readonly number[]): void => {
        const due = kernel.now() + delay;
        const order = set++;
        kernel.at(due, () => {
          fired.push({ due, at: kernel.now(), set: order });
          for (const next of again) arm(next, []);
        });
      };
      for (const { delay, again } of timers) arm(delay, again);

      await kernel.advanceTo(1000);

      expect(kernel.now()).toBe(1000);
      expect(fired).toHaveLength(timers.reduce((sum, { again }) => sum + 1 + again.length, 0));
      expect(fired.map(({ at }) => at)).toEqual(fired.map(({ due }) => due));
      expect(fired).toEqual([...fired].sort((a, b) => a.at - b.at || a.set - b.set));
    })), { numRuns: 50 });
  });

  it('does not move while somebody holds it', () => withKernel(async (kernel) => {
    let fired = false;
    kernel.at(10, () => { fired = true; });
    const release = kernel.hold();
    const arrived = kernel.advanceTo(10);
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => { setImmediate(resolve); });

    expect({ fired, now: kernel.now() }).toEqual({ fired: false, now: 0 });
    release();
    await arrived;
    expect({ fired, now: kernel.now() }).toEqual({ fired: true, now: 10 });
  }));

  it('finishes everything a turn caused before it takes the next one', () => withKernel(async (kernel) => {
    const log: string[] = [];
    kernel.turn(() => {
      void (async () => {
        for (let step = 0; step < 5; step += 1) {
          await Promise.resolve();
          log.push(`first ${step}`);
        }
      })();
    });
    kernel.turn(() => { log.push('second'); });

    await kernel.advance(1);

    expect(log).toEqual(['first 0', 'first 1', 'first 2', 'first 3', 'first 4', 'second']);
  }));

  it('stops with the defect when a turn throws, and tells who waits', () => withKernel(async (kernel) => {
    kernel.at(5, () => { throw new Error('broken'); });

    await expect(kernel.advanceTo(10)).rejects.toThrow('a turn of the engine threw');
    expect(kernel.failure?.cause).toMatchObject({ message: 'broken' });
  }));

  it('interleaves two drivers the same way each time', async () => {
    const play = (): Promise<string[]> => withKernel(async (kernel) => {
      const log: string[] = [];
      const actor = (name: string, pause: number): Promise<void> => new Driver(kernel).run(async (driver) => {
        for (let step = 0; step < 4; step += 1) {
          await driver.sleep(pause);
          log.push(`${name}@${kernel.now()} ${await driver.park(() => Promise.resolve(step))}`);
        }
      });
      await Promise.all([actor('a', 3), actor('b', 2)]);
      return log;
    });

    const first = await play();
    expect(first).toEqual(await play());
    expect(first[0]).toBe('b@2 0');
    expect(first.filter((line) => line.startsWith('a@'))).toHaveLength(4);
  });
});

describe('a driver', () => {
  it('may wait for several answers at once', () => withKernel(async (kernel) => {
    const answers = await new Driver(kernel).run(async (driver) => {
      const both = await Promise.all([driver.park(() => kernel.sleep(7).then(() => 'late')), driver.park(() => kernel.sleep(3).then(() => 'early')), driver.sleep(5)]);
      await driver.sleep(1);
      return [...both, kernel.now()];
    });

    expect(answers).toEqual(['late', 'early', undefined, 8]);
  }));
});

describe('the kernel in real time', () => {
  it('fires a timer no earlier than it is due, and cannot be advanced', async () => {
    const kernel = new Kernel({ mode: 'real' });
    const running = kernel.run();
    const begun = Date.now();
    await kernel.sleep(20);
    const waited = Date.now() - begun;
    expect(() => kernel.advance(1)).toThrow('a real clock cannot be advanced');
    kernel.stop();
    await running;

    expect(waited).toBeGreaterThanOrEqual(20);
  });
});

describe('a heap', () => {
  it('gives its items back in order', () => {
    fc.assert(fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((a, b) => a < b);
      for (const number of numbers) heap.push(number);
      const out: number[] = [];
      while (heap.size > 0) out.push(heap.pop()!);

      expect(out).toEqual([...numbers].sort((a, b) => a - b));
    }));
  });
});

describe('draws', () => {
  it('give each stream its own sequence, whatever other streams draw in between', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }), (order) => {
      const mixed = new Draws('seed');
      const drawn = order.map((stream) => ({ stream, number: mixed.number(stream) }));
      const alone = new Map(['a', 'b', 'c'].map((stream) => [stream, new Draws('seed')]));

      expect(drawn).toEqual(order.map((stream) => ({ stream, number: alone.get(stream)?.number(stream) })));
    }));
  });

  it('depend on the seed', () => {
    expect(new Draws('one').uuid('x')).not.toBe(new Draws('two').uuid('x'));
    expect(new Draws('one').id('x')).toMatch(/^[a-z0-9]{7}$/);
  });
});
