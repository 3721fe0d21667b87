import type { ServedVersion } from '../ports.ts';
import { WireFault, type WireResponse } from '../wire/index.ts';

const parsed: WeakMap<ServedVersion, Readonly<Record<string, unknown>>> = new WeakMap();

/** The response to `?flag=`: one flag's value, or an object of several; throws WireFault 400 for another kind of profile, 404 for a flag that is not there. */
export function selectFlags(version: ServedVersion, names: readonly string[]): WireResponse {
  if (version.kind !== 'flags') throw new WireFault({ code: 'BadRequestException', status: 400, message: 'only a configuration of type AWS.AppConfig.FeatureFlags has flags; leave the flag parameter out' });
  let flags = parsed.get(version);
  if (!flags) {
    flags = JSON.parse(Buffer.from(version.content).toString()) as Record<string, unknown>;
    parsed.set(version, flags);
  }
  const all = flags;
  const absent = names.find((name) => !Object.hasOwn(all, name));
  if (absent !== undefined) throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `Flag ${absent} not found` });
  const value = names.length === 1 ? all[names[0]!] : Object.fromEntries(names.map((name) => [name, all[name]]));
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'configuration-version': version.versionNumber,
      ...(version.label !== undefined && { 'version-label': version.label }),
    },
    body: Buffer.from(JSON.stringify(value)),
  };
}
