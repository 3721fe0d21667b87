import { CreateExtensionCommand, ValidateConfigurationCommand } from '@aws-sdk/client-appconfig';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateAliasCommand, PublishVersionCommand } from '@aws-sdk/client-lambda';
import type { Probe } from '../probe.ts';
import { refused, type Refusal } from '../refusal.ts';
import { ROLE_PATH } from '../role.ts';
import type { Stage } from '../stage.ts';

/** What a policy may demand of whoever AppConfig acts for, from the widest to what nobody can meet. */
const DEMANDS = ['account', 'appconfig', 'application', 'foreign'] as const;
type Demand = (typeof DEMANDS)[number];

/** What was refused under each demand, by whom. */
type Answers = Readonly<Record<Demand, Refusal | null>>;

/** AppConfig's SourceArn and SourceAccount. */
export const sources: Probe = {
  name: 'sources',
  question: 'For what does AppConfig say that it acts: SourceArn and SourceAccount, to LAMBDA validators and to the roles of extensions?',
  minutes: 2,
  creates: 'a version and four aliases of the recorder, four roles, four extensions, eight profiles with a version each',
  run: async (stage) => ({ validator: await each((demand) => ofValidator(stage, demand)), extensionRole: await ofRoles(stage) }),
};

async function each(ask: (demand: Demand) => Promise<Refusal | null>): Promise<Answers> {
  const answers: Partial<Record<Demand, Refusal | null>> = {};
  for (const demand of DEMANDS) answers[demand] = await ask(demand);
  return answers as Answers;
}

/** The pattern of SourceArn that a demand is met by; nothing where the account alone is demanded. */
function arnOf({ target: { region, account }, applicationId }: Stage, demand: Demand): string | undefined {
  const path = { account: undefined, appconfig: '*', application: `application/${applicationId}/*`, foreign: 'application/nobody/*' }[demand];
  return path === undefined ? undefined : `arn:aws:appconfig:${region}:${account}:${path}`;
}

/** An alias has a policy of its own. */
async function ofValidator(stage: Stage, demand: Demand): Promise<Refusal | null> {
  const { target: { clients: { lambda, appconfig }, account }, lot: { recorder: { arn: FunctionName } }, applicationId: ApplicationId } = stage;
  const { Version: FunctionVersion } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  const { AliasArn } = await lambda.send(new CreateAliasCommand({ FunctionName, Name: demand, FunctionVersion }));
  const SourceArn = arnOf(stage, demand);
  await lambda.send(new AddPermissionCommand({
    FunctionName, Qualifier: demand, StatementId: demand, Action: 'lambda:InvokeFunction', Principal: 'appconfig.amazonaws.com', SourceAccount: account, ...(SourceArn !== undefined && { SourceArn }),
  }));
  const ConfigurationProfileId = await stage.profile(`checked-${demand}`, [{ Type: 'LAMBDA', Content: AliasArn }]);
  const ConfigurationVersion = String(await stage.version(ConfigurationProfileId));
  return refused(appconfig.send(new ValidateConfigurationCommand({ ApplicationId, ConfigurationProfileId, ConfigurationVersion })));
}

/** All roles first: it takes a while until a new one is believed in. */
async function ofRoles(stage: Stage): Promise<Answers> {
  const roles = await Promise.all(DEMANDS.map((demand) => roleOf(stage, demand)));
  await stage.target.clock.wait(15_000);
  return each(async (demand) => {
    const { Id = '' } = await stage.target.clients.appconfig.send(new CreateExtensionCommand({
      Name: `${stage.name}-${demand}`, Tags: stage.tags,
      Actions: { PRE_CREATE_HOSTED_CONFIGURATION_VERSION: [{ Name: 'record', Uri: stage.lot.recorder.arn, RoleArn: roles[DEMANDS.indexOf(demand)] }] },
    }));
    stage.lot.redaction.hide(Id, `extension ${demand}`);
    const profile = await stage.profile(`hooked-${demand}`);
    await stage.associate(Id, { profile });
    return refused(stage.version(profile));
  });
}

async function roleOf(stage: Stage, demand: Demand): Promise<string | undefined> {
  const { target: { clients: { iam }, account }, lot: { recorder }, name } = stage;
  const [RoleName, arn] = [`${name}-${demand}`, arnOf(stage, demand)];
  const Condition = { StringEquals: { 'aws:SourceAccount': account }, ...(arn !== undefined && { ArnLike: { 'aws:SourceArn': arn } }) };
  const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const { Role } = await iam.send(new CreateRoleCommand({
    RoleName, Path: ROLE_PATH, Tags: Object.entries(stage.tags).map(([Key, Value]) => ({ Key, Value })),
    AssumeRolePolicyDocument: document({ Action: 'sts:AssumeRole', Principal: { Service: 'appconfig.amazonaws.com' }, Condition }),
  }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'probe', PolicyDocument: document({ Action: 'lambda:InvokeFunction', Resource: recorder.arn }) }));
  return Role?.Arn;
}
