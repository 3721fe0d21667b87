import { isObject } from '../epoch.ts';
import type { EpochReference } from '../record.ts';
import { differencesOf, valueOf, type Difference } from './difference.ts';
import type { Answered, Attempt } from './recording.ts';

/** A task that was called with another input than the recorded one. */
export interface OtherCall {
  readonly state: string;
  readonly differences: readonly Difference[];
}

/** Answers the tasks of one played execution from its recording, each recorded answer once. */
export class Answers {
  readonly #left: Attempt[];
  readonly #epoch: EpochReference | undefined;
  /** Calls with another input than was recorded. */
  readonly other: OtherCall[] = [];
  /** Calls that nothing recorded answers, by what the recording has of the state: other attempts, or nothing at all. */
  readonly unanswered: { readonly state: string; readonly isNew: boolean }[] = [];
  readonly #states: ReadonlySet<string>;

  /** @param epoch what pins are to name instead of what was recorded */
  constructor(attempts: readonly Attempt[], epoch?: EpochReference) {
    this.#left = [...attempts];
    this.#states = new Set(attempts.map(({ state }) => state));
    this.#epoch = epoch;
  }

  /**
   * The recorded answer to a call: of the same state and input; else of the same resource and input, for a state that was renamed; else
   * the next one of the state, which is noted as another call; else none.
   */
  take(call: { readonly state: string; readonly resource: string; readonly input: string }): Answered | undefined {
    const differences = ({ input }: Attempt): Difference[] => differencesOf(valueOf(input), valueOf(call.input));
    const same = (attempt: Attempt): boolean => attempt.input === call.input || differences(attempt).length === 0;
    const find = (fits: (attempt: Attempt) => boolean): number => this.#left.findIndex(fits);
    const exact = find((attempt) => attempt.state === call.state && same(attempt));
    const renamed = exact >= 0 ? exact : find((attempt) => baseOf(attempt.resource) === baseOf(call.resource) && same(attempt));
    const at = renamed >= 0 ? renamed : find((attempt) => attempt.state === call.state);
    const [taken] = at < 0 ? [] : this.#left.splice(at, 1);
    if (taken === undefined) {
      this.unanswered.push({ state: call.state, isNew: !this.#states.has(call.state) });
      return undefined;
    }
    if (renamed < 0) this.other.push({ state: call.state, differences: differences(taken) });
    return this.#pinned(taken.answer);
  }

  #pinned(answer: Answered): Answered {
    if (this.#epoch === undefined || answer.kind !== 'succeeded') return answer;
    return { ...answer, output: JSON.stringify(repinned(valueOf(answer.output), this.#epoch)) };
  }
}

/** A value whose pins name another epoch. */
export function repinned(value: unknown, epoch: EpochReference): unknown {
  if (Array.isArray(value)) return value.map((item) => repinned(item, epoch));
  if (!isObject(value)) return value;
  if (value['sluice'] === 1 && typeof value['digest'] === 'string' && typeof value['entity'] === 'string') return { ...value, ...epoch };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, repinned(item, epoch)]));
}

/** A function without its version, an integration without its partition: what stays the same from one version of a workflow to the next. */
function baseOf(resource: string): string {
  return resource.replace(/^(arn:[\w-]+:lambda:[^:]*:\d*:function:[^:]+):.+$/, '$1').replace(/^arn:[\w-]+:states:[^:]*:[^:]*:/, '');
}
