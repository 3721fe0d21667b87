import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Keys } from './keys.ts';
import { notFound, refusal } from './refusal.ts';

interface OnAlias {
  readonly AliasName: string;
  readonly TargetKeyId: string;
}

/** CreateAlias and its siblings. */
export function aliasOperations(house: House, keys: Keys): Service['operations'] {
  const find = (name: string): { readonly created: number } => {
    const alias = keys.aliases.get(name);
    if (!alias) throw notFound(`Alias ${keys.arnOf(name)} is not found.`);
    return alias;
  };
  return {
    CreateAlias({ AliasName: name, TargetKeyId }: OnAlias) {
      if (!name.startsWith('alias/')) throw refusal('ValidationException', 'Invalid identifier');
      if (!/^alias\/[\w/-]{1,250}$/.test(name)) throw refusal('InvalidAliasNameException', `${name} contains invalid characters for an alias`);
      if (name.startsWith('alias/aws/')) throw refusal('NotAuthorizedException', '');
      if (keys.aliases.has(name)) throw refusal('AlreadyExistsException', `An alias with the name ${keys.arnOf(name)} already exists`);
      const created = house.kernel.now();
      keys.aliases.set(name, { name, created, updated: created, keyId: keys.find(TargetKeyId).id });
    },
    UpdateAlias({ AliasName: name, TargetKeyId }: OnAlias) {
      const { created } = find(name);
      keys.aliases.set(name, { name, created, updated: house.kernel.now(), keyId: keys.find(TargetKeyId).id });
    },
    DeleteAlias({ AliasName }: OnAlias) {
      find(AliasName);
      keys.aliases.delete(AliasName);
    },
    ListAliases({ KeyId }: { readonly KeyId?: string }) {
      const of = KeyId === undefined ? undefined : keys.find(KeyId).id;
      const all = [...keys.aliases.values()].filter(({ keyId }) => of === undefined || keyId === of);
      return { Aliases: all.map(({ name, keyId, created, updated }) => ({ AliasName: name, AliasArn: keys.arnOf(name), TargetKeyId: keyId, CreationDate: created, LastUpdatedDate: updated })), Truncated: false };
    },
  };
}
