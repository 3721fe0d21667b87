import { isObject } from '../schema/json.ts';
import { attributesOf, goJson, variantsOf, type Json } from './document.ts';

/**
 * What a plain client is served of a stored document: each flag with a value, its attributes only while it is on; of variants
 * the default, which is the last. (Only an agent that asks for Ion gets the rules.)
 */
export function servedFlags(stored: Uint8Array): Uint8Array {
  const { values } = JSON.parse(Buffer.from(stored).toString('utf8')) as { readonly values?: Json };
  return Buffer.from(goJson(Object.fromEntries(Object.entries(values ?? {}).map(([name, entry]) => [name, served(isObject(entry) ? entry : {})]))));
}

function served(entry: Json): Json {
  const variant = variantsOf(entry).at(-1);
  const enabled = (variant ?? entry)['enabled'] === true;
  const attributes = variant ? variant['attributeValues'] : attributesOf(entry);
  return { ...(variant && { _variant: variant['name'] }), enabled, ...(enabled && isObject(attributes) && attributes) };
}
