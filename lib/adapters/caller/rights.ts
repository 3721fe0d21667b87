import type { EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import type { Caller } from '../../core/checkup/facts.ts';
import type { ToldRights } from '../../core/checkup/command.ts';
import type { Need, PartNeeds } from '../../core/checkup/duty.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-iam');

/** What somebody may do, as IAM simulates it: nothing is tried. Policies of resources and of organizations have no part in it. */
export class CallerRights {
  readonly #sdk: Sdk;
  readonly #client: IAMClient;

  private constructor(sdk: Sdk, client: IAMClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-iam` is not installed. */
  static async open(options: ClientOptions = {}): Promise<CallerRights> {
    const sdk = await peer('@aws-sdk/client-iam', () => import('@aws-sdk/client-iam'));
    return new CallerRights(sdk, new sdk.IAMClient({ ...options }));
  }

  /**
   * Whose policies decide about a caller, by ARN; nothing for the account's root user, who may do everything. Needs `iam:GetRole` for sessions of
   * roles, whose ARN does not tell the role's path.
   */
  async source({ arn }: Caller): Promise<string | undefined> {
    if (arn.endsWith(':root')) return undefined;
    const RoleName = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
    return RoleName === undefined ? arn : (await this.#client.send(new this.#sdk.GetRoleCommand({ RoleName }))).Role?.Arn;
  }

  /**
   * Of each list of needs the actions that are denied, each once. Needs `iam:SimulatePrincipalPolicy`.
   * @param caller whom the policies' variable `aws:userid` means
   */
  async lacking(source: string, { userId }: Caller, parts: PartNeeds): Promise<ToldRights['lacking']> {
    const all = Object.values(parts).flat();
    const groups = [...new Set(all.map(({ actions }) => actions.join()))].map((actions) => all.filter((need) => need.actions.join() === actions));
    const denied = new Set((await Promise.all(groups.map((needs) => this.#denied(source, userId, needs)))).flat());
    const lackingOf = (needs: readonly Need[]): string[] => needs.flatMap(({ actions, on }) => actions.filter((action) => on.some((resource) => denied.has(pairOf(action, resource)))));
    return Object.fromEntries(Object.entries(parts).map(([part, needs]) => [part, [...new Set(lackingOf(needs))].sort()]));
  }

  /** The denied pairs of action and resource of needs whose actions are the same. */
  async #denied(PolicySourceArn: string, userId: string, needs: readonly Need[]): Promise<string[]> {
    const pages = this.#sdk.paginateSimulatePrincipalPolicy({ client: this.#client }, {
      PolicySourceArn, ActionNames: [...needs[0]?.actions ?? []], ResourceArns: [...new Set(needs.flatMap(({ on }) => on))],
      ContextEntries: [{ ContextKeyName: 'aws:userid', ContextKeyType: 'string', ContextKeyValues: [userId] }],
    });
    const found: string[] = [];
    for await (const { EvaluationResults = [] } of pages) found.push(...EvaluationResults.flatMap(deniedBy));
    return found;
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}

/** What one result denies: IAM answers of several resources either each in a result of its own, or all within one. */
function deniedBy({ EvalActionName = '', EvalResourceName = '*', EvalDecision, ResourceSpecificResults = [] }: EvaluationResult): string[] {
  if (ResourceSpecificResults.length === 0) return EvalDecision === 'allowed' ? [] : [pairOf(EvalActionName, EvalResourceName)];
  return ResourceSpecificResults.filter(({ EvalResourceDecision }) => EvalResourceDecision !== 'allowed').map(({ EvalResourceName: name = '*' }) => pairOf(EvalActionName, name));
}

function pairOf(action: string, resource: string): string {
  return `${action} ${resource}`;
}
