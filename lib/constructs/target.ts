import type { IRule, IRuleTarget, RuleTargetConfig, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IWorkflowAlias } from './alias.ts';

/** How an event starts an execution. */
export interface WorkflowTargetProps {
  /** @default - the event */
  readonly input?: RuleTargetInput;
}

/** Starts an execution on a workflow's alias for each event of a rule: `rule.addTarget(new WorkflowTarget(workflow.alias))`. */
export class WorkflowTarget implements IRuleTarget {
  readonly #alias: IWorkflowAlias;
  readonly #props: WorkflowTargetProps;

  constructor(alias: IWorkflowAlias, props: WorkflowTargetProps = {}) {
    this.#alias = alias;
    this.#props = props;
  }

  bind(rule: IRule): RuleTargetConfig {
    const id = `Start${this.#alias.node.addr}`;
    const known = rule.node.tryFindChild(id);
    const role = known instanceof Role ? known : new Role(rule, id, { assumedBy: new ServicePrincipal('events.amazonaws.com'), description: `Starts ${this.#alias.node.path}` });
    this.#alias.grantStartExecution(role);
    return { arn: this.#alias.aliasArn, role, targetResource: this.#alias, ...(this.#props.input === undefined ? {} : { input: this.#props.input }) };
  }
}
