import type { Provider } from '../provider.ts';
import { appConfigProviders } from './appconfig.ts';
import type { CustomResources } from './customResource.ts';
import { deployment } from './deployment.ts';
import { rule } from './events.ts';
import { iamProviders } from './iam.ts';
import { kmsProviders } from './kms.ts';
import { keptTypes } from './keptTypes.ts';
import { lambdaProviders } from './lambda.ts';
import { bucket, bucketPolicy } from './s3.ts';
import { snsProviders } from './sns.ts';
import { parameter } from './ssm.ts';
import { statesProviders } from './states.ts';
import { watchingProviders } from './watching.ts';

/** Every provider but those of custom resources. */
export function allProviders(): Provider[] {
  return [...appConfigProviders, deployment, ...lambdaProviders, ...iamProviders, ...kmsProviders, ...watchingProviders, rule, bucket, bucketPolicy, ...snsProviders, parameter, ...statesProviders, ...keptTypes()];
}

/** Finds the provider of a resource type; custom types all have the same. */
export function providers(customResources: CustomResources): (type: string) => Provider | undefined {
  const byType = new Map(allProviders().map((provider) => [provider.type, provider]));
  return (type) => {
    const custom = type === 'AWS::CloudFormation::CustomResource' || type.startsWith('Custom::');
    return custom ? customResources.provider(type) : byType.get(type);
  };
}
