import type { Made, PropertyRule, Provider, ProviderCall } from '../provider.ts';

/** A type that is stored with its stack and does nothing: its id and attributes come from a function of the call and, later, the id. */
export function stored(type: string, properties: Readonly<Record<string, PropertyRule>>, make: (call: ProviderCall, id: string | undefined) => Made): Provider {
  return {
    type, properties,
    create: async (call) => make(call, undefined),
    update: async (call) => make(call, call.id),
    delete: async () => undefined,
  };
}

/** A text property, or a fallback. */
export function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

/** An ARN of the house's account and region. */
export function arnOf({ house: { region, account } }: ProviderCall, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** The properties but for some. */
export function without(properties: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** Those properties of `properties` that are named. */
export function only(properties: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}
