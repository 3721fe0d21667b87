import type { House } from '../ports.ts';
import { quotaExceeded } from './refusal.ts';
import type { StateMachine, Version } from './stateMachine.ts';

const MOST_VERSIONS = 1000;

/** Publishes a machine's present revision; one that is published already keeps its version and its description. */
export function publish(house: House, machine: StateMachine, description: string | undefined): Version {
  const existing = [...machine.versions.values()].find(({ revision }) => revision === machine.revision);
  if (existing) return existing;
  if (machine.versions.size >= MOST_VERSIONS) throw quotaExceeded(`versions of ${machine.name}`, MOST_VERSIONS);
  const number = machine.lastVersion += 1;
  const version: Version = { arn: `${machine.arn}:${number}`, number, revision: machine.revision, description, creationDate: house.kernel.now() };
  machine.versions.set(number, version);
  house.history.record('states:version', version.arn, { status: 'PUBLISHED' });
  return version;
}
