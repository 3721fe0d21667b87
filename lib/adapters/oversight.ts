import { demandsOf, unmet } from '../core/consent.ts';
import type { Digest } from '../core/digest.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { GUARDING } from '../core/faults/guarding.ts';
import type { Hook } from '../core/hook.ts';
import type { Provenance } from '../core/provenance.ts';
import type { EpochReference } from '../core/record.ts';
import { isReleased, labelOf } from '../core/release.ts';
import { parseRules, type ApprovalRules, type Rules } from '../core/rules.ts';
import type { Forthcoming } from './conditions.ts';
import { Ledger } from './ledger.ts';
import type { AppConfigPlane } from './plane/appconfig.ts';
import { EpochStore } from './store/epochs.ts';
import type { Store } from './store/store.ts';

type Beginning = Extract<Hook, { point: 'pre-start' }>;

/** A deployment that is about to begin, its documents being valid. */
interface Candidate {
  readonly hook: Beginning;
  readonly epoch: Epoch;
  readonly digest: Digest;
  readonly rules: Rules | undefined;
  /** What it replaces; null for the first deployment. */
  readonly control: EpochReference | null;
}

/** What needs more than the core: names of documents that differ, and what is wrong by rules that ask for what is live, or by all of them. */
export interface Comparing {
  readonly changed: (before: Epoch, after: Epoch) => readonly string[];
  readonly over: (epoch: Epoch, rules: Rules, live: Epoch | undefined, whole: boolean) => Promise<readonly Fault[]>;
  /** What else forbids it. */
  readonly forbids: (forthcoming: Forthcoming, now: number) => Promise<readonly Fault[]>;
}

/** What came of it: what forbids the deployment, nothing when it may begin; and the rules that are in force with it. */
interface Judgement {
  readonly faults: readonly Fault[];
  readonly rules: Digest | undefined;
}

/**
 * Whether an epoch may follow another one: by invariants that ask for what is live, and by approvals. Only a release changes the rules: whatever else names others, or
 * none, is judged by those in force, and they stay.
 */
export class Oversight {
  readonly #epochs: EpochStore;
  readonly #ledger: Ledger;
  readonly #plane: AppConfigPlane;
  readonly #comparing: Comparing;

  constructor(store: Store, plane: AppConfigPlane, comparing: Comparing) {
    this.#epochs = new EpochStore(store);
    this.#ledger = new Ledger(store, plane);
    this.#plane = plane;
    this.#comparing = comparing;
  }

  /**
   * Lets a deployment begin and keeps its record, or says what forbids it. `now` is in epoch milliseconds; once it is `late` no record is written.
   * @throws Fault `SLUICE-SHIFT-2` while a workflow of the environment shifts.
   */
  async enter(hook: Beginning, { epoch, rules }: { readonly epoch: Epoch; readonly rules?: Rules }, now: number, late: AbortSignal): Promise<readonly Fault[]> {
    const opened = await this.#ledger.open(hook);
    const { application, environment, version } = hook;
    const forthcoming = { place: { applicationId: application.id, environmentId: environment.id }, named: `${application.name}/${environment.name}`, version, epoch, digest: opened.digest, control: opened.control };
    const [judged, forbidden] = await Promise.all([this.#judge({ hook, epoch, rules, ...opened }), this.#comparing.forbids(forthcoming, now)]);
    const faults = [...judged.faults, ...forbidden];
    if (faults.length === 0) await this.#ledger.enter(hook, opened, judged.rules, now, late);
    return faults;
  }

  /** Judges a deployment. Where neither epoch is by rules nothing is asked. */
  async #judge(candidate: Candidate): Promise<Judgement> {
    const { hook, epoch, rules, control } = candidate;
    if (epoch.rules === undefined && control?.rules === undefined) return { faults: [], rules: undefined };
    const place = `${hook.application.name}/${hook.environment.name}`;
    // Where AppConfig tells no names, ids stand for them.
    const named = hook.application.name !== hook.application.id && hook.environment.name !== hook.environment.id;
    const own = rules === undefined ? place : `${rules.application}/${rules.environment}`;
    if (named && own !== place) return { faults: [fault(GUARDING, 'SLUICE-GATE-7', { got: own, place })], rules: epoch.rules };
    const [live, inForce] = await Promise.all([control === null ? undefined : this.#live(hook, control), this.#inForce(candidate)]);
    const moved = control !== null && control.rules !== epoch.rules;
    const demands = this.#demands(candidate, inForce, live);
    const release = moved || demands.length > 0 ? await this.#release(candidate) : undefined;
    const kept = moved && release === undefined;
    const judging = kept ? inForce : rules;
    const unruly = judging === undefined ? [] : await this.#comparing.over(epoch, judging, live, kept);
    const faults = unruly.length > 0 ? unruly : await this.#unapproved(candidate, demands, release, inForce?.approvals ?? rules?.approvals, place);
    return { faults, rules: kept ? control.rules : epoch.rules };
  }

  async #unapproved({ hook, digest }: Candidate, demands: ReturnType<typeof demandsOf>, release: Provenance | undefined, asked: ApprovalRules | undefined, place: string): Promise<readonly Fault[]> {
    if (demands.length === 0 || asked === undefined) return [];
    const given = release === undefined ? [] : await this.#epochs.approvals({ applicationId: hook.application.id, environmentId: hook.environment.id }, release.label);
    const meant = given.filter(({ plan, epoch }) => plan === release?.plan && epoch === digest);
    return unmet(demands, meant, asked.people).map(({ document, owners, approvals, got }) => (
      fault(GUARDING, 'SLUICE-GATE-8', { place, document, got, needed: approvals, owners: owners.join(', ') })));
  }

  /** By the rules in force, so that nobody frees themselves of an approval; by its own where none are. */
  #demands({ epoch, rules, control }: Candidate, inForce: Rules | undefined, live: Epoch | undefined): ReturnType<typeof demandsOf> {
    const asked = inForce?.approvals ?? rules?.approvals;
    if (asked === undefined || live === undefined || control === null) return [];
    const rulesChange = inForce?.approvals !== undefined && JSON.stringify(inForce.approvals) !== JSON.stringify(rules?.approvals);
    return demandsOf(asked, this.#comparing.changed(live, epoch), rulesChange);
  }

  async #inForce({ epoch, rules, control }: Candidate): Promise<Rules | undefined> {
    const digest = control?.rules;
    if (digest === undefined || digest === epoch.rules) return digest === undefined ? undefined : rules;
    const bytes = await this.#epochs.schema(digest);
    const read = bytes && parseRules(bytes);
    if (read === undefined) throw fault(GUARDING, 'SLUICE-GATE-6', { digest });
    return read;
  }

  async #live(hook: Beginning, { version, digest }: EpochReference): Promise<Epoch> {
    const bytes = await this.#plane.content({ applicationId: hook.application.id, profileId: hook.profile.id }, version);
    const epoch = bytes && parseEpoch(bytes);
    if (epoch === undefined || epoch instanceof Fault) throw new Error(`version ${version} (${digest.slice(0, 19)}), which is live, cannot be read`);
    return epoch;
  }

  /** The record of the release that made exactly this change: these bytes over those that are live. */
  async #release({ hook, digest, control }: Candidate): Promise<Provenance | undefined> {
    const label = await this.#plane.label({ applicationId: hook.application.id, profileId: hook.profile.id }, hook.version);
    if (!isReleased(label)) return undefined;
    const release = await this.#epochs.provenance({ applicationId: hook.application.id, environmentId: hook.environment.id }, label);
    return release !== undefined && labelOf(release) === label && release.digest === digest && release.base.digest === (control?.digest ?? null) ? release : undefined;
  }
}
