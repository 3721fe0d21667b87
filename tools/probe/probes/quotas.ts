import type { Probe } from '../probe.ts';
import { refused, type Refusal } from '../refusal.ts';

const ENVIRONMENTS = 21;

/** The quota that can be met without being in anybody's way: environments of one's own application. */
export const quotas: Probe = {
  name: 'quotas',
  question: 'How does a quota read when it is met?',
  minutes: 1,
  creates: `environments of a scratch application, until one is refused, ${ENVIRONMENTS} at most`,
  async run(stage) {
    let environments: Refusal | null = null;
    let accepted = 0;
    while (environments === null && accepted < ENVIRONMENTS) {
      environments = await refused(stage.environment(`one-of-many-${accepted + 1}`));
      if (environments === null) accepted += 1;
    }
    return { accepted, environments };
  },
};
