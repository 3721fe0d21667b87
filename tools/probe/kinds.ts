import { DeleteDeploymentStrategyCommand, DeleteExtensionCommand, ListTagsForResourceCommand, paginateListDeploymentStrategies, paginateListExtensions } from '@aws-sdk/client-appconfig';
import { DeleteAlarmsCommand, ListTagsForResourceCommand as ListAlarmTagsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DeleteLogGroupCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteRuleCommand, ListRulesCommand, ListTagsForResourceCommand as ListRuleTagsCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteRoleCommand, DeleteRolePolicyCommand, ListRoleTagsCommand, paginateListRoles } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, ListTagsCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  DeleteStateMachineAliasCommand, DeleteStateMachineCommand, ListStateMachineAliasesCommand, ListTagsForResourceCommand as ListMachineTagsCommand, paginateListStateMachines,
} from '@aws-sdk/client-sfn';
import { applications } from './applications.ts';
import { TAG, type Kind, type Leftover } from './leftover.ts';
import { unlessAbsent } from './refusal.ts';
import { ROLE_PATH } from './role.ts';

const extensions: Kind = {
  name: 'extensions',
  async find({ clients: { appconfig: client } }, prefix) {
    const found: Leftover[] = [];
    for await (const { Items = [] } of paginateListExtensions({ client }, {})) {
      for (const { Id, Name = '', Arn } of Items) {
        if (!Name.startsWith(prefix) || (await unlessAbsent(client.send(new ListTagsForResourceCommand({ ResourceArn: Arn }))))?.Tags?.[TAG] === undefined) continue;
        found.push({ name: `extension ${Name}`, remove: () => unlessAbsent(client.send(new DeleteExtensionCommand({ ExtensionIdentifier: Id }))) });
      }
    }
    return found;
  },
};

const strategies: Kind = {
  name: 'strategies',
  async find({ clients: { appconfig: client }, region, account }, prefix) {
    const found: Leftover[] = [];
    for await (const { Items = [] } of paginateListDeploymentStrategies({ client }, {})) {
      for (const { Id = '', Name = '' } of Items) {
        const ResourceArn = `arn:aws:appconfig:${region}:${account}:deploymentstrategy/${Id}`;
        if (!Name.startsWith(prefix) || (await unlessAbsent(client.send(new ListTagsForResourceCommand({ ResourceArn }))))?.Tags?.[TAG] === undefined) continue;
        found.push({ name: `strategy ${Name}`, remove: () => unlessAbsent(client.send(new DeleteDeploymentStrategyCommand({ DeploymentStrategyId: Id }))) });
      }
    }
    return found;
  },
};

const rules: Kind = {
  name: 'rules',
  async find({ clients: { events } }, prefix) {
    const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: prefix }));
    const found: Leftover[] = [];
    for (const { Name = '', Arn } of Rules) {
      const tags = await unlessAbsent(events.send(new ListRuleTagsCommand({ ResourceARN: Arn })));
      if (!tags?.Tags?.some(({ Key }) => Key === TAG)) continue;
      found.push({
        name: `rule ${Name}`,
        remove: async () => {
          await unlessAbsent(events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ['recorder'] })));
          await unlessAbsent(events.send(new DeleteRuleCommand({ Name })));
        },
      });
    }
    return found;
  },
};

const alarms: Kind = {
  name: 'alarms',
  async find({ clients: { cloudwatch: client } }, prefix) {
    const found: Leftover[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix })) {
      for (const { AlarmName = '', AlarmArn } of MetricAlarms) {
        const tags = await unlessAbsent(client.send(new ListAlarmTagsCommand({ ResourceARN: AlarmArn })));
        if (!tags?.Tags?.some(({ Key }) => Key === TAG)) continue;
        found.push({ name: `alarm ${AlarmName}`, remove: () => client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })) });
      }
    }
    return found;
  },
};

const machines: Kind = {
  name: 'state machines',
  async find({ clients: { states: client } }, prefix) {
    const found: Leftover[] = [];
    for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
      for (const { name = '', stateMachineArn } of stateMachines) {
        if (!name.startsWith(prefix) || !(await unlessAbsent(client.send(new ListMachineTagsCommand({ resourceArn: stateMachineArn }))))?.tags?.some(({ key }) => key === TAG)) continue;
        found.push({
          name: `state machine ${name}`,
          remove: async () => {
            const { stateMachineAliases = [] } = await unlessAbsent(client.send(new ListStateMachineAliasesCommand({ stateMachineArn }))) ?? {};
            for (const { stateMachineAliasArn } of stateMachineAliases) await client.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn }));
            await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
          },
        });
      }
    }
    return found;
  },
};

const functions: Kind = {
  name: 'functions',
  async find({ clients: { lambda: client } }, prefix) {
    const found: Leftover[] = [];
    for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
      for (const { FunctionName = '', FunctionArn } of Functions) {
        if (!FunctionName.startsWith(prefix) || (await unlessAbsent(client.send(new ListTagsCommand({ Resource: FunctionArn }))))?.Tags?.[TAG] === undefined) continue;
        found.push({ name: `function ${FunctionName}`, remove: () => unlessAbsent(client.send(new DeleteFunctionCommand({ FunctionName }))) });
      }
    }
    return found;
  },
};

/** Log groups bear the name of their function, which only a probe gives. */
const logGroups: Kind = {
  name: 'log groups',
  async find({ clients: { logs: client } }, prefix) {
    const found: Leftover[] = [];
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: `/aws/lambda/${prefix}` })) {
      for (const { logGroupName = '' } of page.logGroups ?? []) {
        if (!logGroupName.endsWith('-recorder')) continue;
        found.push({ name: `log group ${logGroupName}`, remove: () => unlessAbsent(client.send(new DeleteLogGroupCommand({ logGroupName }))) });
      }
    }
    return found;
  },
};

const roles: Kind = {
  name: 'roles',
  async find({ clients: { iam: client } }, prefix) {
    const found: Leftover[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix: ROLE_PATH })) {
      for (const { RoleName = '' } of Roles) {
        if (!RoleName.startsWith(prefix) || !(await unlessAbsent(client.send(new ListRoleTagsCommand({ RoleName }))))?.Tags?.some(({ Key }) => Key === TAG)) continue;
        found.push({
          name: `role ${RoleName}`,
          remove: async () => {
            await unlessAbsent(client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'probe' })));
            await unlessAbsent(client.send(new DeleteRoleCommand({ RoleName })));
          },
        });
      }
    }
    return found;
  },
};

/** Every kind a probe makes, in the order in which they can go. */
export const KINDS: readonly Kind[] = [applications, extensions, strategies, rules, alarms, machines, functions, logGroups, roles];
