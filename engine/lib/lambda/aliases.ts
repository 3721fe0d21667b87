import type { Service } from '../wire/call.ts';
import { WireFault } from '../wire/fault.ts';
import type { FunctionAlias, LambdaFunction } from './functions.ts';
import { invalidParameter, pageOf, requireRevision, type Kit } from './kit.ts';

interface AliasInput {
  FunctionName: string;
  Name: string;
  FunctionVersion?: string;
  Description?: string;
  RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> };
  RevisionId?: string;
}

/** Aliases: one version, or two by weight. */
export function aliasOperations(kit: Kit): Service['operations'] {
  const find = (fn: LambdaFunction, name: string): FunctionAlias => {
    const alias = fn.aliases.get(name);
    if (alias) return alias;
    throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Cannot find alias arn: ${fn.arn}:${name}`, members: { Type: 'User' } });
  };
  const put = (fn: LambdaFunction, input: AliasInput, before: FunctionAlias | undefined): Record<string, unknown> => {
    const version = input.FunctionVersion ?? before?.version ?? '';
    if (version !== '$LATEST' && !fn.versions.has(version)) {
      throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Function not found: ${fn.arn}:${version}`, members: { Type: 'User' } });
    }
    // Weights that stay must fit the new version too.
    const kept = before?.additional ? { [before.additional.version]: before.additional.weight } : {};
    const additional = weightsOf(fn, version, input.RoutingConfig === undefined ? kept : input.RoutingConfig.AdditionalVersionWeights ?? {});
    const alias: FunctionAlias = {
      name: input.Name,
      version,
      description: input.Description ?? before?.description ?? '',
      ...(additional ? { additional } : {}),
      revisionId: kit.house.draws.uuid(`lambda:revision:${fn.name}:${input.Name}`),
    };
    fn.aliases.set(alias.name, alias);
    kit.house.history.record('lambda:alias', `${fn.name}:${alias.name}`, { version, ...(additional ? { additional } : {}) });
    return describe(fn, alias);
  };
  return {
    CreateAlias: (input: AliasInput) => {
      const fn = kit.find(input.FunctionName);
      if (fn.aliases.has(input.Name)) throw new WireFault({ code: 'ResourceConflictException', status: 409, message: `Alias already exists: ${fn.arn}:${input.Name}`, members: { Type: 'User' } });
      return put(fn, input, undefined);
    },
    UpdateAlias: (input: AliasInput) => {
      const fn = kit.find(input.FunctionName);
      const before = find(fn, input.Name);
      requireRevision(input.RevisionId, before.revisionId);
      return put(fn, input, before);
    },
    GetAlias: (input: AliasInput) => {
      const fn = kit.find(input.FunctionName);
      return describe(fn, find(fn, input.Name));
    },
    DeleteAlias: (input: AliasInput) => { kit.find(input.FunctionName).aliases.delete(input.Name); },
    ListAliases: (input: { FunctionName: string; FunctionVersion?: string; Marker?: string; MaxItems?: number }) => {
      const fn = kit.find(input.FunctionName);
      const all = [...fn.aliases.values()].filter((alias) => !input.FunctionVersion || alias.version === input.FunctionVersion).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { items, marker } = pageOf(all, input.Marker, input.MaxItems);
      return { Aliases: items.map((alias) => describe(fn, alias)), ...(marker ? { NextMarker: marker } : {}) };
    },
  };
}

function weightsOf(fn: LambdaFunction, primary: string, weights: Record<string, number>): FunctionAlias['additional'] {
  const entries = Object.entries(weights);
  if (entries.length > 1) throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  const [entry] = entries;
  if (!entry) return undefined;
  const [version, weight] = entry;
  if (primary === '$LATEST') throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  if (version === primary) throw invalidParameter(`Invalid function version ${version}. Function version ${version} is already included in routing configuration.`);
  if (!fn.versions.has(version)) throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Function not found: ${fn.arn}:${version}`, members: { Type: 'User' } });
  if (!(weight >= 0 && weight <= 1)) {
    throw new WireFault({ code: 'ValidationException', status: 400, message: `1 validation error detected: Value '{${version}=${weight}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]` });
  }
  return { version, weight };
}

function describe(fn: LambdaFunction, alias: FunctionAlias): Record<string, unknown> {
  return {
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(alias.additional ? { RoutingConfig: { AdditionalVersionWeights: { [alias.additional.version]: alias.additional.weight } } } : {}),
    RevisionId: alias.revisionId,
  };
}
