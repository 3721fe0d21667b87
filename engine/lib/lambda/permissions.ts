import type { Service } from '../wire/call.ts';
import { WireFault } from '../wire/fault.ts';
import { referenceOf, type AsyncConfiguration, type LambdaFunction } from './functions.ts';
import type { Kit } from './kit.ts';

interface PermissionInput {
  FunctionName: string;
  Qualifier?: string;
  StatementId: string;
  Action: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
}

/** Resource policies, reserved concurrency, asynchronous retries and tags. */
export function permissionOperations(kit: Kit): Service['operations'] {
  return { ...policyOperations(kit), ...concurrencyOperations(kit), ...asyncOperations(kit), ...tagOperations(kit) };
}

function policyOperations(kit: Kit): Service['operations'] {
  const noPolicy = new WireFault({ code: 'ResourceNotFoundException', status: 404, message: 'The resource you requested does not exist.', members: { Type: 'User' } });
  return {
    AddPermission: (input: PermissionInput) => {
      const fn = kit.find(input.FunctionName);
      const qualifier = referenceOf(input.FunctionName, input.Qualifier).qualifier ?? '';
      if (fn.permissions.some((permission) => permission.sid === input.StatementId && permission.qualifier === qualifier)) {
        throw new WireFault({ code: 'ResourceConflictException', status: 409, message: `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`, members: { Type: 'User' } });
      }
      const condition = {
        ...(input.SourceAccount ? { StringEquals: { 'AWS:SourceAccount': input.SourceAccount } } : {}),
        ...(input.SourceArn ? { ArnLike: { 'AWS:SourceArn': input.SourceArn } } : {}),
      };
      const statement = {
        Sid: input.StatementId,
        Effect: 'Allow',
        Principal: input.Principal.includes('.amazonaws.com') ? { Service: input.Principal } : { AWS: input.Principal },
        Action: input.Action,
        Resource: qualifier ? `${fn.arn}:${qualifier}` : fn.arn,
        ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
      };
      fn.permissions.push({ sid: input.StatementId, qualifier, statement });
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission: (input: { FunctionName: string; Qualifier?: string; StatementId: string }) => {
      const fn = kit.find(input.FunctionName);
      const qualifier = referenceOf(input.FunctionName, input.Qualifier).qualifier ?? '';
      const at = fn.permissions.findIndex((permission) => permission.sid === input.StatementId && permission.qualifier === qualifier);
      if (at < 0) throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Statement ${input.StatementId} is not found in resource policy.`, members: { Type: 'User' } });
      fn.permissions.splice(at, 1);
    },
    GetPolicy: (input: { FunctionName: string; Qualifier?: string }) => {
      const fn = kit.find(input.FunctionName);
      const qualifier = referenceOf(input.FunctionName, input.Qualifier).qualifier ?? '';
      const statements = fn.permissions.filter((permission) => permission.qualifier === qualifier).map((permission) => permission.statement);
      if (statements.length === 0) throw noPolicy;
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }), RevisionId: fn.latest.revisionId };
    },
  };
}

function concurrencyOperations(kit: Kit): Service['operations'] {
  return {
    PutFunctionConcurrency: (input: { FunctionName: string; ReservedConcurrentExecutions: number }) => {
      kit.find(input.FunctionName).reservedConcurrency = input.ReservedConcurrentExecutions;
      return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
    },
    GetFunctionConcurrency: (input: { FunctionName: string }) => {
      const { reservedConcurrency } = kit.find(input.FunctionName);
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
    DeleteFunctionConcurrency: (input: { FunctionName: string }) => { delete kit.find(input.FunctionName).reservedConcurrency; },
  };
}

interface AsyncInput {
  FunctionName: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

function asyncOperations(kit: Kit): Service['operations'] {
  const describe = (fn: LambdaFunction, configuration: AsyncConfiguration): Record<string, unknown> => ({
    FunctionArn: `${fn.arn}:$LATEST`,
    LastModified: configuration.lastModified,
    MaximumRetryAttempts: configuration.retries,
    MaximumEventAgeInSeconds: configuration.maximumAge,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  });
  const put = (input: AsyncInput, before: AsyncConfiguration | undefined): Record<string, unknown> => {
    const fn = kit.find(input.FunctionName);
    if (input.DestinationConfig?.OnFailure?.Destination || input.DestinationConfig?.OnSuccess?.Destination) {
      throw new WireFault({ code: 'NotImplemented', status: 501, message: 'sluice-engine does not implement destinations of asynchronous invocations (DestinationConfig); see engine/operations.md' });
    }
    const retries = input.MaximumRetryAttempts ?? before?.retries ?? 2;
    const maximumAge = input.MaximumEventAgeInSeconds ?? before?.maximumAge ?? 21_600;
    fn.asynchronous = { retries, maximumAge, lastModified: kit.house.kernel.now() };
    return describe(fn, fn.asynchronous);
  };
  const missing = (fn: LambdaFunction): WireFault => new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `The function ${fn.arn}:$LATEST doesn't have an EventInvokeConfig`, members: { Type: 'User' } });
  return {
    PutFunctionEventInvokeConfig: (input: AsyncInput) => put(input, undefined),
    UpdateFunctionEventInvokeConfig: (input: AsyncInput) => put(input, kit.find(input.FunctionName).asynchronous),
    GetFunctionEventInvokeConfig: (input: { FunctionName: string }) => {
      const fn = kit.find(input.FunctionName);
      if (!fn.asynchronous) throw missing(fn);
      return describe(fn, fn.asynchronous);
    },
    DeleteFunctionEventInvokeConfig: (input: { FunctionName: string }) => {
      const fn = kit.find(input.FunctionName);
      if (!fn.asynchronous) throw missing(fn);
      delete fn.asynchronous;
    },
  };
}

function tagOperations(kit: Kit): Service['operations'] {
  return {
    TagResource: (input: { Resource: string; Tags: Record<string, string> }) => {
      const { tags } = kit.find(input.Resource);
      for (const [key, value] of Object.entries(input.Tags)) tags.set(key, value);
    },
    UntagResource: (input: { Resource: string; TagKeys: string[] }) => {
      const { tags } = kit.find(input.Resource);
      for (const key of input.TagKeys) tags.delete(key);
    },
    ListTags: (input: { Resource: string }) => ({ Tags: Object.fromEntries(kit.find(input.Resource).tags) }),
  };
}
