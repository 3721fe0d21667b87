import { Refused, unlessGone } from '../api.ts';
import { ResourceFailure, type Made, type Provider, type ProviderCall } from '../provider.ts';
import { textOr } from './stored.ts';

const KEPT = ['AccessControl', 'BucketEncryption', 'CorsConfiguration', 'IntelligentTieringConfigurations', 'InventoryConfigurations', 'LifecycleConfiguration', 'LoggingConfiguration', 'MetricsConfigurations', 'OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags', 'VersioningConfiguration'];

/** AWS::S3::Bucket. What encrypts, expires, logs or keeps versions is stored and has no effect: the engine's S3 keeps the newest object only. */
export const bucket: Provider = {
  type: 'AWS::S3::Bucket',
  properties: { BucketName: 'replace', ...Object.fromEntries(KEPT.map((name) => [name, 'kept' as const])) },
  async create(call) {
    const name = textOr(call.properties['BucketName'], call.name(63).toLowerCase());
    // In us-east-1 S3 lets an owner create a bucket twice; CloudFormation does not.
    if (await exists(call, name)) throw new ResourceFailure(`Resource handler returned message: "${name} already exists (Service: S3, Status Code: 409, Request ID: null)" (HandlerErrorCode: AlreadyExists)`);
    const { region } = call.house;
    await call.api('s3', 'CreateBucket', { Bucket: name, ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region } }) });
    return made(call, name);
  },
  update: async (call) => made(call, call.id),
  delete: ({ api, id }) => unlessGone(api('s3', 'DeleteBucket', { Bucket: id })),
};

async function exists({ api }: ProviderCall, name: string): Promise<boolean> {
  try {
    await api('s3', 'HeadBucket', { Bucket: name });
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

function made({ house: { region } }: ProviderCall, name: string): Made {
  const regional = `${name}.s3.${region}.amazonaws.com`;
  return {
    id: name,
    attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com`, RegionalDomainName: regional, DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`, WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com` },
  };
}

/** AWS::S3::BucketPolicy. */
export const bucketPolicy: Provider = {
  type: 'AWS::S3::BucketPolicy',
  properties: { Bucket: 'replace', PolicyDocument: 'update' },
  required: ['Bucket', 'PolicyDocument'],
  create: putPolicy,
  update: putPolicy,
  delete: ({ api, id }) => unlessGone(api('s3', 'DeleteBucketPolicy', { Bucket: id })),
};

async function putPolicy({ api, properties }: ProviderCall): Promise<Made> {
  const { Bucket, PolicyDocument: Policy } = properties;
  await api('s3', 'PutBucketPolicy', { Bucket, Policy });
  return { id: String(Bucket), attributes: { Bucket } };
}
