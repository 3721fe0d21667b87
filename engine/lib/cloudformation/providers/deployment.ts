import { ResourceFailure, type Made, type Provider, type ProviderCall } from '../provider.ts';
import { fieldsOf } from '../template/intrinsic.ts';
import { deploymentOf, lastOf } from './appconfig.ts';

const NAMES = ['ApplicationId', 'EnvironmentId', 'DeploymentStrategyId', 'ConfigurationProfileId', 'ConfigurationVersion', 'Description', 'KmsKeyIdentifier', 'DynamicExtensionParameters', 'Tags'] as const;
const UNDER_WAY = new Set(['VALIDATING', 'DEPLOYING', 'BAKING', 'ROLLING_BACK']);
const LOOK_MS = 5000;

/** AWS::AppConfig::Deployment: waits until the deployment is over, fails when it was taken back; its deletion stops one that runs and leaves the rest. */
export const deployment: Provider = {
  type: 'AWS::AppConfig::Deployment',
  properties: Object.fromEntries(NAMES.map((name) => [name, 'replace' as const])),
  required: ['ApplicationId', 'EnvironmentId', 'DeploymentStrategyId', 'ConfigurationProfileId', 'ConfigurationVersion'],
  async create(call) {
    const { api, house: { kernel }, properties } = call;
    let cancelled = false;
    call.onCancel(() => { cancelled = true; });
    const { DynamicExtensionParameters: dynamic, ...rest } = properties;
    let answer = await api('appconfig', 'StartDeployment', { ...rest, ...(dynamic !== undefined && { DynamicExtensionParameters: dynamicParameters(dynamic) }) });
    const number = String(answer['DeploymentNumber']);
    while (UNDER_WAY.has(String(answer['State']))) {
      if (cancelled) throw new ResourceFailure('Resource creation cancelled', made(call, number, answer));
      await kernel.sleep(LOOK_MS);
      answer = await api('appconfig', 'GetDeployment', deploymentOf(call, number));
    }
    const state = String(answer['State']);
    if (state !== 'COMPLETE') throw new ResourceFailure(`Resource handler returned message: "Deployment ${number} ended as ${state}" (HandlerErrorCode: NotStabilized)`, made(call, number, answer));
    return made(call, number, answer);
  },
  async delete(call) {
    const which = deploymentOf(call, lastOf(call.id));
    const { State } = await call.api('appconfig', 'GetDeployment', which);
    if (UNDER_WAY.has(String(State)) && State !== 'ROLLING_BACK') await call.api('appconfig', 'StopDeployment', which);
  },
};

function made({ properties }: ProviderCall, number: string, { State }: Record<string, unknown>): Made {
  return { id: `${String(properties['ApplicationId'])}|${String(properties['EnvironmentId'])}|${number}`, attributes: { DeploymentNumber: number, State } };
}

/** The template's list of parameters as the API's map from `extension#parameter`. */
function dynamicParameters(value: unknown): Record<string, string> {
  const list = Array.isArray(value) ? value as unknown[] : [];
  return Object.fromEntries(list.map((item) => {
    const { ExtensionReference: extension, ParameterName: name, ParameterValue: text } = fieldsOf(item) ?? {};
    return [`${String(extension)}#${String(name)}`, String(text)];
  }));
}
