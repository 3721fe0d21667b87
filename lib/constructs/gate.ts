import { ArnFormat, Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import { CfnExtension, CfnExtensionAssociation } from 'aws-cdk-lib/aws-appconfig';
import { Policy, Role, ServicePrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import type { ShadowDemand } from '../core/shadow/demand.ts';
import { appConfigArn } from './arn.ts';
import { Handler } from './handler.ts';
import { permit, statementOf, type Permit } from './permit.ts';

/** How many workflows the gate asks what they run with: it answers within 1.8 seconds, and has 1.2 of them for that. */
const ASKED = 50;

/** What their names may come to with those of their aliases, in characters: all variables of a function have 4 kB. */
const NAMES = 3000;

/** What a gate stands before. */
export interface GateProps {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
  readonly store: IBucket;
  readonly encryptionKey?: IKey;
  /** What must be shown of an epoch before it is rolled out. @default - nothing */
  readonly shadow?: ShadowDemand;
}

/**
 * The gate: the extension AppConfig asks before it stores a version of the profile and before it starts a deployment of it. A change
 * made in the AWS console passes it like one made from git.
 */
export class Gate extends Construct {
  readonly handler: Handler;
  readonly association: CfnExtensionAssociation;
  /** The names of workflows that declare what they run with, and of their aliases: `name:alias`. */
  readonly #declaring: string[] = [];
  #asks: PolicyStatement | undefined;

  constructor(scope: Construct, id: string, props: GateProps) {
    super(scope, id);
    this.handler = new Handler(this, 'Handler', {
      handler: 'gate',
      description: 'Lets an epoch pass, or refuses it',
      environment: { SLUICE_STORE: props.store.bucketName, ...(props.shadow === undefined ? {} : { SLUICE_SHADOW: JSON.stringify(props.shadow) }) },
      // AppConfig is said to wait three seconds; the handler itself refuses after 1.8.
      timeout: Duration.seconds(3), memorySize: 1769,
      permits: permitsOf(this, props),
    });
    if (props.shadow !== undefined) permit(this, 'Shown', this.handler.role, [{ actions: ['s3:GetObject'], on: [props.store.arnForObjects('shadows/*')], wildcard: 'Objects are named by digest and time, which no stack knows.' }]);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('appconfig.amazonaws.com'), description: 'AppConfig asks the gate' });
    const invoke = permit(this, 'Invoke', role, [{ actions: ['lambda:InvokeFunction'], on: [this.handler.function.functionArn] }]);
    const action = [{ Name: 'gate', Uri: this.handler.function.functionArn, RoleArn: role.roleArn }];
    const extension = new CfnExtension(this, 'Extension', {
      name: Names.uniqueResourceName(this, { maxLength: 64, separator: '-', allowedSpecialCharacters: '-_' }),
      description: 'Sluice validates each version and each deployment',
      actions: { PRE_CREATE_HOSTED_CONFIGURATION_VERSION: action, PRE_START_DEPLOYMENT: action },
    });
    this.association = new CfnExtensionAssociation(this, 'Association', {
      extensionIdentifier: extension.attrArn,
      resourceIdentifier: appConfigArn(this, `${props.applicationId}/configurationprofile/${props.profileId}`),
    });
    this.association.node.addDependency(invoke, this.handler);
  }

  /**
   * Lets only epochs pass with which the versions run that an alias routes to. By the names of machine and alias: nothing waits for anything in a circle.
   *
   * @throws Fault `SLUICE-CDK-22` where they are more than the gate can ask.
   */
  keepFor(environment: string, stateMachineName: string, aliasName: string): string {
    this.#declaring.push(`${stateMachineName}:${aliasName}`);
    const characters = this.#declaring.join(',').length;
    if (this.#declaring.length > ASKED || characters > NAMES) throw fault(BUILDING, 'SLUICE-CDK-22', { environment, count: this.#declaring.length, characters, most: ASKED, longest: NAMES });
    const machine = (name: string): string => Stack.of(this).formatArn({ service: 'states', resource: 'stateMachine', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    if (this.#asks === undefined) {
      this.#asks = statementOf({ actions: ['states:DescribeStateMachineAlias', 'states:DescribeStateMachine'], on: [] });
      new Policy(this, 'Asks', { statements: [this.#asks] }).attachToRole(this.handler.role);
      this.handler.function.addEnvironment('SLUICE_WORKFLOWS', Lazy.string({ produce: () => [machine(''), ...this.#declaring].join(',') }));
    }
    this.#asks.addResources(machine(stateMachineName));
    return `${machine(stateMachineName)}:${aliasName}`;
  }
}

function permitsOf(scope: Construct, { applicationId, environmentId, profileId, store, encryptionKey }: GateProps): Permit[] {
  const named = 'Objects are named by digest, deployment number or workflow, which no stack knows.';
  return [
    { actions: ['s3:GetObject'], on: ['schemas/*', 'deployments/*', 'releases/*', 'approvals/*', 'shifting/*'].map((keys) => store.arnForObjects(keys)), wildcard: named },
    { actions: ['s3:PutObject'], on: [store.arnForObjects('epochs/*'), store.arnForObjects('deployments/*')], wildcard: named },
    // Without it S3 answers 403 for a schema that nobody stored, and the refusal could not say so.
    { actions: ['s3:ListBucket'], on: [store.bucketArn] },
    { actions: ['appconfig:ListDeployments'], on: [appConfigArn(scope, applicationId), appConfigArn(scope, `${applicationId}/environment/${environmentId}`)] },
    // Where the record of the deployment before is lost, its bytes tell; without them nothing could be deployed any more.
    {
      actions: ['appconfig:GetHostedConfigurationVersion'],
      on: [appConfigArn(scope, applicationId), appConfigArn(scope, `${applicationId}/configurationprofile/${profileId}`), appConfigArn(scope, `${applicationId}/configurationprofile/${profileId}/hostedconfigurationversion/*`)],
      wildcard: 'Versions are numbered by AppConfig.',
    },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}
