import type { EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import type { Caller } from '../../core/checkup/facts.ts';
import type { Need } from '../../core/checkup/duty.ts';
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

  /** The actions of some needs that are denied, each once. Needs `iam:SimulatePrincipalPolicy`. */
  async lacking(PolicySourceArn: string, needs: readonly Need[]): Promise<string[]> {
    const denied = await Promise.all(needs.map(async ({ actions, on }) => {
      const pages = this.#sdk.paginateSimulatePrincipalPolicy({ client: this.#client }, { PolicySourceArn, ActionNames: [...actions], ResourceArns: [...on] });
      const found: string[] = [];
      for await (const { EvaluationResults = [] } of pages) found.push(...EvaluationResults.filter((one) => !allowed(one)).map(({ EvalActionName = '' }) => EvalActionName));
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
