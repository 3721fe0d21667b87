import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guard } from '../../examples/brownfield/app.ts';
import { Deployed } from '../constructs/deployed.ts';
import { GUARDED, shop } from './brownfield.ts';
import { ENVIRONMENT, sweeping } from './environment.ts';
import { mutations, type Template } from './mutation.ts';
import { PEOPLE } from './people.ts';
import { play, type Ending, type Story } from './play.ts';
import { pruned, pruningSteps } from './pruning.ts';
import { RECONCILING, watched } from './reconciling.ts';
import { RECALLED } from './rolledBack.ts';
import { shifting, shiftingSteps } from './shifting.ts';
import { whole, WORKFLOWS } from './whole.ts';

const LONG = 180_000;

/** An app, and the story in which each of its grants is needed. */
interface Case extends Story {
  readonly stack: string;
  readonly synthesise: (outdir: string) => unknown;
  /** Whether it is played only when each grant is taken away. @default false */
  readonly rarely?: boolean;
  /** How the name of a grant begins that is taken away whenever the story is played. Each takes 1 to 3 s of CPU. @default none */
  readonly takes?: string;
  /** Fewer pairs of actions and resources than this are not the app's policies. */
  readonly least: number;
  /** Only grants of holders with such names, to which `/shift` is added for records of shifts; the others are another case's. @default all */
  readonly about?: RegExp;
  /** An action that the story itself denies for a while. @default none */
  readonly denies?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  // What it is made of is in the next one, too.
  'the reference app': {
    stack: 'Orders', rarely: true, least: 50, about: /^(?!.*(Shift|RollBack.*\/shift))/, steps: [...ENVIRONMENT, ...sweeping(1)],
    synthesise: (CDK_OUTDIR) => execFileSync(process.execPath, ['dist/bin/app.js'], { env: { ...process.env, CDK_OUTDIR, CDK_VALIDATION: 'false' } }),
  },
  'an app with a key, a store that goes, a parent and its child, and people': {
    stack: 'Whole', least: 100, about: /^(?!.*SluicePruning)/, steps: [...ENVIRONMENT.slice(0, 5), ...WORKFLOWS, ...PEOPLE, ...ENVIRONMENT.slice(5), ...RECALLED, ...sweeping(1)],
    synthesise: whole,
  },
  'guards around an old application': {
    stack: 'Guards', least: 10, before: shop, steps: GUARDED,
    synthesise: (outdir) => Deployed.on(shop).then(({ ApplicationId, EnvironmentId }) => guard(ApplicationId, EnvironmentId, outdir).synth()),
  },
  'a workflow that shifts': { stack: 'Shop', least: 10, about: /Shift|Gate(Asks|Shown)|RollBack.*\/shift/, synthesise: shifting, steps: shiftingSteps(() => join(temporary, 'Shop')) },
  'a state machine whose versions are pruned': {
    stack: 'Pruned', takes: 'the whole SluicePruningDonePermission', least: 5, about: /SluicePruning/, denies: 'states:DeleteStateMachineVersion', synthesise: pruned, steps: pruningSteps(() => join(temporary, 'Pruned')),
  },
  'an environment that is watched and healed': { stack: 'Healed', least: 10, about: /Watch/, synthesise: watched, steps: RECONCILING },
};

/** Takes each grant away, as CI does. */
const ALL = process.env['SLUICE_GRANTS'] === 'all';

/** Who writes records of shifts has something to write only where something shifts. */
const records = (resource: string): string => (/^arn:aws:s3:.*\/shift(ing|s)\//.test(resource) ? '/shift' : '');

const temporary = mkdtempSync(join(tmpdir(), 'sluice-grants-'));
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

for (const [name, { stack, synthesise, rarely = false, takes, least, about = /./, denies, ...story }] of Object.entries(CASES)) {
  if (rarely && !ALL) continue;
  const folder = join(temporary, stack);
  await synthesise(folder);
  const path = join(folder, `${stack}.template.json`);
  const taken = mutations(JSON.parse(readFileSync(path, 'utf8')) as Template).filter((one) => (ALL ? about.test(one.name) : takes !== undefined && one.name.startsWith(takes)));
  if (taken.length === 0 && (ALL || takes !== undefined)) throw new Error(`${stack} has no such grant`);

  describe(`the policies of ${name}`, { timeout: LONG }, () => {
    let ending: Ending;

    beforeAll(async () => {
      ending = await play(story, folder);
    }, LONG);

    it('let the story end well, and nothing in it is denied', () => {
      expect({ failed: ending.failed, denials: ending.denials.filter(({ caller, action }) => !caller.includes('starter') && action !== denies) }).toEqual({ failed: undefined, denials: [] });
    });

    it('grant no action on any resource that the story does not use', () => {
      // A customer's key delegates to these policies; its own policy is the customer's.
      const unused = ending.grants.filter(({ holder, resource, uses }) => uses === 0 && !holder.includes(':kms:') && about.test(`${holder}${records(resource)}`)).map(({ holder, action, resource }) => `${holder}: ${action} on ${resource}`);

      expect(unused).toEqual([]);
      expect(ending.grants.length).toBeGreaterThan(least);
    });

    it.each(taken.map((one) => [one.name, one] as const))('are missed without %s', async (_, { action, template }) => {
      writeFileSync(path, JSON.stringify(template));

      const { failed, denials } = await play(story, folder);

      expect(failed).toBeDefined();
      expect(denials.map((denial) => denial.action)).toContainEqual(expect.stringMatching(new RegExp(`^${action}`)));
    });
  });
}
