import type { EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import type { Caller } from '../../core/checkup/facts.ts';
import type { Need } from '../../core/checkup/duty.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-iam');

/** What somebody may do, as IAM simulates it: nothing is tried. Policies of resources and of organizations have no part in it. */
export class CallerRights {
  readonly #sdk: Sdk;
  readonly #client: IAMClient;
  /** Whose policies are asked; nothing for the account's root user, who may do everything. */
  readonly #source: string | undefined;

  private constructor(sdk: Sdk, client: IAMClient, source: string | undefined) {
    this.#sdk = sdk;
    this.#client = client;
    this.#source = source;
  }

  /** Needs `iam:GetRole` for sessions of roles, whose ARN does not tell the role's path. @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-iam` is not installed. */
  static async open({ arn }: Caller, options: ClientOptions = {}): Promise<CallerRights> {
    const sdk = await peer('@aws-sdk/client-iam', () => import('@aws-sdk/client-iam'));
    const client = new sdk.IAMClient({ ...options });
    const RoleName = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
    const role = RoleName === undefined ? undefined : (await client.send(new sdk.GetRoleCommand({ RoleName }))).Role?.Arn;
    return new CallerRights(sdk, client, arn.endsWith(':root') ? undefined : role ?? arn);
  }

  /** The actions of some needs that are denied, each once. Needs `iam:SimulatePrincipalPolicy`. */
  async lacking(needs: readonly Need[]): Promise<string[]> {
    const PolicySourceArn = this.#source;
    if (PolicySourceArn === undefined) return [];
    const denied = await Promise.all(needs.map(async ({ actions, on }) => {
      const page = this.#sdk.paginateSimulatePrincipalPolicy({ client: this.#client }, { PolicySourceArn, ActionNames: [...actions], ResourceArns: [...on] });
      const found: string[] = [];
      for await (const { EvaluationResults = [] } of page) found.push(...EvaluationResults.filter((one) => !allowed(one)).map(({ EvalActionName = '' }) => EvalActionName));
      return found;
    }));
    return [...new Set(denied.flat())].sort();
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}

function allowed({ EvalDecision, ResourceSpecificResults = [] }: EvaluationResult): boolean {
  return EvalDecision === 'allowed' && ResourceSpecificResults.every(({ EvalResourceDecision }) => EvalResourceDecision === 'allowed');
}
