import { unlessGone } from '../api.ts';
import type { Provider, ProviderCall, Made } from '../provider.ts';
import { textOr, without } from './stored.ts';
import { retag, tagMap } from './tags.ts';

/** AWS::SSM::Parameter. */
export const parameter: Provider = {
  type: 'AWS::SSM::Parameter',
  properties: { Name: 'replace', Type: 'update', Value: 'update', Description: 'update', AllowedPattern: 'update', DataType: 'update', Tier: 'update', Policies: 'update', Tags: 'update' },
  required: ['Type', 'Value'],
  async create(call) {
    const Name = textOr(call.properties['Name'], `CFN-${call.logicalId}-${call.house.draws.id(`cloudformation:name:${call.stack.name}:${call.logicalId}`, 12)}`);
    const tags = Object.entries(tagMap(call.properties['Tags'])).map(([Key, Value]) => ({ Key, Value }));
    await call.api('ssm', 'PutParameter', { ...call.properties, Name, Tags: tags });
    return made(call, Name);
  },
  async update(call) {
    await call.api('ssm', 'PutParameter', { Description: '', ...without(call.properties, 'Tags'), Name: call.id, Overwrite: true });
    await retag(call, { service: 'ssm', target: { ResourceType: 'Parameter', ResourceId: call.id }, tag: 'AddTagsToResource', untag: 'RemoveTagsFromResource' });
    return made(call, call.id);
  },
  delete: ({ api, id }) => unlessGone(api('ssm', 'DeleteParameter', { Name: id })),
};

function made({ properties: { Type, Value } }: ProviderCall, id: string): Made {
  return { id, attributes: { Type, Value } };
}
