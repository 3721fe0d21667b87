import { Token } from 'aws-cdk-lib';
import { Architecture, LayerVersion, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { agentLayerOf, newestWithoutEntities } from '../core/agentAge.ts';
import { fault, shown } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';

/** The AppConfig agent as a Lambda layer: the newest when the stack is deployed, or one version. */
export class AgentLayer {
  /** The newest version, from AWS's public parameter: each deployment of the stack looks again. */
  static latest(): AgentLayer {
    return new AgentLayer((scope, architecture) => {
      const name = architecture === Architecture.ARM_64 ? 'arm64' : 'x86';
      return StringParameter.valueForStringParameter(scope, `/aws/service/aws-appconfig/lambda-extension/${name}/latest`);
    });
  }

  /**
   * One version, for those who pin what they deploy.
   * @throws Fault `SLUICE-CDK-6` when the ARN is not the agent's, or of another architecture than the
   * function's; `SLUICE-CDK-7` when it is known to ignore Entity-Id, by which exposure counts executions.
   */
  static fromLayerVersionArn(layerVersionArn: string): AgentLayer {
    return new AgentLayer((_, architecture) => {
      if (!Token.isUnresolved(layerVersionArn)) check(layerVersionArn, architecture);
      return layerVersionArn;
    });
  }

  readonly #arn: (scope: Construct, architecture: Architecture) => string;

  private constructor(arn: (scope: Construct, architecture: Architecture) => string) {
    this.#arn = arn;
  }

  /** The layer for one function. */
  bind(scope: Construct, architecture: Architecture): ILayerVersion {
    const known = scope.node.tryFindChild('AppConfigAgent');
    return known instanceof LayerVersion ? known : LayerVersion.fromLayerVersionArn(scope, 'AppConfigAgent', this.#arn(scope, architecture));
  }
}

function check(arn: string, architecture: Architecture): void {
  const arm = architecture === Architecture.ARM_64;
  const layer = agentLayerOf(arn);
  if (layer === undefined || layer.arm !== arm) throw fault(BUILDING, 'SLUICE-CDK-6', { arn: shown(arn), architecture: architecture.name });
  const most = newestWithoutEntities(layer.region, arm);
  if (layer.version <= most) throw fault(BUILDING, 'SLUICE-CDK-7', { arn, region: layer.region, most });
}
