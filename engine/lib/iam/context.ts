import type { House } from '../ports.ts';
import type { Caller } from './caller.ts';
import type { Context } from './policy/condition.ts';

/** The global condition keys of every request; those of networks, organizations and federation are absent, as from a caller who has none. */
export function requestContext(house: House, caller: Pick<Caller, 'principal' | 'role'>, resource: string): Context {
  const now = house.kernel.now();
  const owner = resource.split(':')[4];
  return {
    'aws:currenttime': new Date(now).toISOString(),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:requestedregion': house.region,
    // The loopback stands for TLS: policies that deny plain HTTP are about networks.
    'aws:securetransport': 'true',
    'aws:resourceaccount': owner === undefined || owner === '' ? house.account : owner,
    ...principalContext(caller),
  };
}

function principalContext({ principal, role }: Pick<Caller, 'principal' | 'role'>): Context {
  if (principal.kind === 'service') return { 'aws:principalisawsservice': 'true', 'aws:principalservicename': principal.name, 'aws:viaawsservice': 'false' };
  const tags = role ? Object.fromEntries([...role.tags].map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, value])) : {};
  return {
    'aws:principalarn': principal.roleArn ?? principal.arn,
    'aws:principalaccount': principal.account,
    'aws:principaltype': principal.roleArn === undefined ? 'Account' : 'AssumedRole',
    'aws:principalisawsservice': 'false',
    'aws:viaawsservice': 'false',
    ...(principal.userId !== undefined && { 'aws:userid': principal.userId }),
    ...tags,
  };
}
