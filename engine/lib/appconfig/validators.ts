import type { House } from '../ports.ts';
import { ask } from './answer.ts';
import { arnOf, profilePath } from './arn.ts';
import { badRequest } from './refusal.ts';
import { schemaComplaint } from './schema/complaint.ts';
import type { Profile } from './state.ts';

/** What is validated: a hosted version, or the content of a sourced profile. */
export interface Validated {
  readonly content: Uint8Array;
  readonly contentType: string;
  /** The version as text. */
  readonly version: string;
}

/** Runs a profile's validators in their order; the first that says no throws BadRequestException. */
export async function validate(house: House, profile: Profile, subject: Validated): Promise<void> {
  for (const validator of profile.validators) {
    const complaint = validator.type === 'JSON_SCHEMA' ? schemaComplaint(validator.content, text(subject.content)) : await lambdaComplaint(house, profile, validator.content, subject);
    house.history.record('appconfig:validator', profilePath(profile), { type: validator.type, version: subject.version, valid: complaint === undefined });
    if (complaint !== undefined) throw badRequest(complaint);
  }
}

/** A function that fails, that is not there or that is late says no; whatever it answers says yes. The wording is the engine's. */
async function lambdaComplaint(house: House, profile: Profile, functionArn: string, subject: Validated): Promise<string | undefined> {
  const event = {
    applicationId: profile.applicationId,
    configurationProfileId: profile.id,
    configurationVersion: subject.version,
    content: Buffer.from(subject.content).toString('base64'),
    uri: profile.locationUri,
  };
  const { validatorDeadlineMs, validatorSourceArn } = house.settings.appconfig;
  const answer = await ask(house, functionArn, event, validatorDeadlineMs, { sourceArn: validatorSourceArn ? arnOf(house, profilePath(profile)) : undefined });
  if (answer.kind === 'answered') return undefined;
  return `Error invoking validator ${functionArn} for version ${subject.version} of configuration ${profile.name}: ${answer.code}: ${answer.message}`;
}

function text(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
}
