import type { Branch, State, Step } from '../branch.ts';
import { Datum } from '../datum.ts';
import { runLanes, type LanePlan } from '../fork.ts';
import { compilePolicy, guarded } from '../policy.ts';
import type { Fields, QueryLanguage } from '../query.ts';
import type { Visit } from '../visit.ts';
import { wholeNumber } from './setting.ts';

/** AWS runs at most as many iterations of an inline Map at once. */
const INLINE_CONCURRENCY = 40;

/** Map (inline): runs its processor for each item; the result is the array of the outputs. */
export function compileMap(fields: Fields, language: QueryLanguage, processor: Branch): State['run'] {
  const intake = language.intake(fields, undefined);
  const items = language.items(fields);
  const template = language.itemTemplate(fields);
  const concurrency = language.scalar(fields, 'MaxConcurrency');
  const outlet = language.outlet(fields);
  const policy = compilePolicy(fields, language);
  const next = fields['Next'] as string | undefined;
  const attempt = async (visit: Visit): Promise<Step> => {
    const data = intake(visit.received, visit);
    const limit = concurrency ? wholeNumber(concurrency, 'MaxConcurrencyPath', data.value, visit) : 0;
    const values = items(data, visit);
    const resumed = visit.takeResumed();
    if (!resumed) visit.thread.write('MapStateStarted', 'mapStateStartedEventDetails', { length: values.length });
    const lanes = values.map((value, index): LanePlan => {
      const item = { Index: index, Value: value };
      return { branch: processor, item, input: () => Datum.of(template ? template(data, visit.withItem(item)) : value) };
    });
    const outputs = await runLanes(visit.thread, lanes, { concurrency: Math.min(limit || INLINE_CONCURRENCY, INLINE_CONCURRENCY), iterationsOf: visit.name, resumed });
    visit.thread.note('MapStateSucceeded');
    return { ...outlet(visit.received, Datum.of(outputs.map((output) => output.value)), visit), next };
  };
  return (visit) => guarded(visit, policy, () => attempt(visit), 'MapStateFailed');
}
