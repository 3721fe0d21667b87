import { referenceOf } from '../../lambda/functions.ts';
import type { House } from '../../ports.ts';
import { textOf, type ActionTable } from './table.ts';

/** A function without its qualifier, whatever the call says. */
const FUNCTION = 'function:{Name}';
/** With the qualifier of the call: a policy on the unqualified ARN does not cover it, nor the reverse (recorded). */
const QUALIFIED = 'function:{Qualified}';

/** Lambda. */
export function lambdaActions(house: House): ActionTable {
  return {
    prefix: 'lambda',
    base: `arn:aws:lambda:${house.region}:${house.account}:`,
    values: ({ input }) => {
      const text = textOf(input, 'FunctionName') ?? textOf(input, 'Resource');
      if (text === undefined) return {};
      const { name, qualifier } = referenceOf(text, textOf(input, 'Qualifier'));
      return { Name: name, Qualified: qualifier === undefined ? name : `${name}:${qualifier}` };
    },
    context: ({ input }) => ({
      ...(typeof input['Principal'] === 'string' && { 'lambda:principal': input['Principal'] }),
      ...(Array.isArray(input['Layers']) && { 'lambda:layer': input['Layers'].map(String) }),
    }),
    passes: { service: 'lambda.amazonaws.com', operations: ['CreateFunction', 'UpdateFunctionConfiguration'] },
    rules: {
      Invoke: `InvokeFunction ${QUALIFIED}`,
      CreateFunction: [FUNCTION, 'GetLayerVersion {Layers?}'], UpdateFunctionConfiguration: [FUNCTION, 'GetLayerVersion {Layers?}'], UpdateFunctionCode: FUNCTION, PublishVersion: FUNCTION,
      GetFunction: QUALIFIED, GetFunctionConfiguration: QUALIFIED, DeleteFunction: QUALIFIED,
      ListFunctions: '*', ListVersionsByFunction: FUNCTION, GetAccountSettings: '*',
      CreateAlias: FUNCTION, UpdateAlias: FUNCTION, DeleteAlias: FUNCTION, GetAlias: FUNCTION, ListAliases: FUNCTION,
      AddPermission: QUALIFIED, RemovePermission: QUALIFIED, GetPolicy: QUALIFIED,
      PutFunctionConcurrency: FUNCTION, GetFunctionConcurrency: FUNCTION, DeleteFunctionConcurrency: FUNCTION,
      PutFunctionEventInvokeConfig: QUALIFIED, UpdateFunctionEventInvokeConfig: QUALIFIED, GetFunctionEventInvokeConfig: QUALIFIED, DeleteFunctionEventInvokeConfig: QUALIFIED,
      ListFunctionEventInvokeConfigs: FUNCTION,
      TagResource: FUNCTION, UntagResource: FUNCTION, ListTags: FUNCTION,
      PublishLayerVersion: 'layer:{LayerName}', GetLayerVersion: 'layer:{LayerName}:{VersionNumber}', DeleteLayerVersion: 'layer:{LayerName}:{VersionNumber}', ListLayers: '*', ListLayerVersions: '*',
    },
  };
}
