import type { Provider } from '../provider.ts';
import { arnOf, stored, textOr } from './stored.ts';

/** Types that are stored with their stacks only: nothing in the engine asks about them. */
export function keptTypes(): Provider[] {
  const layers = new Map<string, number>();
  const layer: Provider = {
    type: 'AWS::Lambda::LayerVersion',
    properties: { LayerName: 'replace', Content: 'replace', Description: 'replace', CompatibleRuntimes: 'replace', CompatibleArchitectures: 'replace', LicenseInfo: 'replace' },
    required: ['Content'],
    async create(call) {
      const name = textOr(call.properties['LayerName'], call.name(140));
      const number = (layers.get(name) ?? 0) + 1;
      layers.set(name, number);
      const id = arnOf(call, 'lambda', `layer:${name}:${number}`);
      return { id, attributes: { LayerVersionArn: id } };
    },
    delete: async () => undefined,
  };
  return [layer, ...messaging(), ...rest()];
}

function messaging(): Provider[] {
  const queue = { QueueName: 'replace', FifoQueue: 'replace', VisibilityTimeout: 'kept', MessageRetentionPeriod: 'kept', DelaySeconds: 'kept', MaximumMessageSize: 'kept', ReceiveMessageWaitTimeSeconds: 'kept', RedrivePolicy: 'kept', RedriveAllowPolicy: 'kept', KmsMasterKeyId: 'kept', KmsDataKeyReusePeriodSeconds: 'kept', SqsManagedSseEnabled: 'kept', ContentBasedDeduplication: 'kept', DeduplicationScope: 'kept', FifoThroughputLimit: 'kept', Tags: 'kept' } as const;
  return [
    stored('AWS::SQS::Queue', queue, (call, id) => {
      const name = id === undefined ? textOr(call.properties['QueueName'], call.name(80)) : id.slice(id.lastIndexOf('/') + 1);
      const url = `https://sqs.${call.house.region}.amazonaws.com/${call.house.account}/${name}`;
      return { id: url, attributes: { Arn: arnOf(call, 'sqs', name), QueueName: name, QueueUrl: url } };
    }),
    stored('AWS::SQS::QueuePolicy', { Queues: 'kept', PolicyDocument: 'kept' }, (call, id = call.name()) => ({ id, attributes: { Id: id } })),
  ];
}

function rest(): Provider[] {
  const repository = { RepositoryName: 'replace', EncryptionConfiguration: 'replace', ImageScanningConfiguration: 'kept', ImageTagMutability: 'kept', ImageTagMutabilityExclusionFilters: 'kept', LifecyclePolicy: 'kept', RepositoryPolicyText: 'kept', EmptyOnDelete: 'kept', Tags: 'kept' } as const;
  return [
    stored('AWS::ECR::Repository', repository, (call, id = textOr(call.properties['RepositoryName'], call.name(256).toLowerCase())) => ({
      id, attributes: { Arn: arnOf(call, 'ecr', `repository/${id}`), RepositoryUri: `${call.house.account}.dkr.ecr.${call.house.region}.amazonaws.com/${id}` },
    })),
    stored('AWS::CDK::Metadata', { Analytics: 'kept' }, (call, id = call.house.draws.uuid('cloudformation:metadata')) => ({ id })),
    stored('AWS::CloudFormation::WaitConditionHandle', { '*': 'kept' }, (call, id = `https://cloudformation-waitcondition-${call.house.region}.s3.amazonaws.com/${encodeURIComponent(`${call.stack.id}/${call.logicalId}`)}`) => ({ id })),
  ];
}
