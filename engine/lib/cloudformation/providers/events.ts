import { unlessGone } from '../api.ts';
import { ResourceFailure, type ExistingCall, type Made, type Provider, type ProviderCall } from '../provider.ts';
import { fieldsOf } from '../template/intrinsic.ts';
import { arnOf, only, textOr, without } from './stored.ts';
import { retag } from './tags.ts';

const EVENTS = 'eventbridge';

/** AWS::Events::Rule with its targets. */
export const rule: Provider = {
  type: 'AWS::Events::Rule',
  properties: { Name: 'replace', EventBusName: 'replace', Description: 'update', EventPattern: 'update', ScheduleExpression: 'update', State: 'update', RoleArn: 'update', Targets: 'update', Tags: 'update' },
  async create(call) {
    const Name = textOr(call.properties['Name'], call.name());
    await call.api(EVENTS, 'PutRule', { ...without(call.properties, 'Targets'), Name });
    try {
      await putTargets(call, Name);
    } catch (error) {
      throw error instanceof ResourceFailure ? new ResourceFailure(error.message, made(call, Name)) : error;
    }
    return made(call, Name);
  },
  async update(call) {
    await call.api(EVENTS, 'PutRule', { ...without(call.properties, 'Targets', 'Tags'), Name: call.id });
    const kept = new Set(idsOf(call.properties['Targets']));
    await dropTargets(call, idsOf(call.before['Targets']).filter((id) => !kept.has(id)));
    await putTargets(call, call.id);
    await retag(call, { service: EVENTS, target: { ResourceARN: arnOf(call, 'events', `rule/${call.id}`) } });
    return made(call, call.id);
  },
  async delete(call) {
    await unlessGone(dropTargets(call, idsOf(call.properties['Targets'])));
    await unlessGone(call.api(EVENTS, 'DeleteRule', onBus(call, call.id)));
  },
};

function onBus({ properties }: ProviderCall, Name: string): Record<string, unknown> {
  return { Name, ...only(properties, 'EventBusName') };
}

async function putTargets(call: ProviderCall, name: string): Promise<void> {
  const { Targets } = call.properties;
  if (!Array.isArray(Targets) || Targets.length === 0) return;
  const { FailedEntries } = await call.api(EVENTS, 'PutTargets', { Rule: name, Targets, ...only(call.properties, 'EventBusName') });
  const [failed] = Array.isArray(FailedEntries) ? FailedEntries as { ErrorMessage?: string; ErrorCode?: string }[] : [];
  if (failed) throw new ResourceFailure(`Resource handler returned message: "${failed.ErrorMessage ?? ''} (Service: EventBridge, Error Code: ${failed.ErrorCode ?? ''})" (HandlerErrorCode: InvalidRequest)`);
}

async function dropTargets(call: ExistingCall, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await call.api(EVENTS, 'RemoveTargets', { Rule: call.id, Ids: ids, ...only(call.properties, 'EventBusName') });
}

function idsOf(targets: unknown): string[] {
  return Array.isArray(targets) ? (targets as unknown[]).map((target) => String(fieldsOf(target)?.['Id'])) : [];
}

function made(call: ProviderCall, name: string): Made {
  return { id: name, attributes: { Arn: arnOf(call, 'events', `rule/${name}`) } };
}
