import { createHash } from 'node:crypto';
import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { WireFault } from '../wire/index.ts';
import { extensionsOf, runExtensions, type ExtensionContent } from './actions.ts';
import { versionPath } from './arn.ts';
import { described } from './description.ts';
import { storedFlags } from './flags/storing.ts';
import { findApplication, findProfile, findVersion } from './lookup.ts';
import { pageOf, type Page, type PageInput } from './page.ts';
import { kmsKeyArn } from './profiles.ts';
import { badRequest, conflict } from './refusal.ts';
import type { AppConfigState, HostedVersion, Profile } from './state.ts';

/** Kilobytes of content at most. */
const LIMIT = 2048;

interface VersionInput {
  readonly ApplicationId: string;
  readonly ConfigurationProfileId: string;
  readonly VersionNumber: number;
  readonly Content: Uint8Array;
  readonly ContentType: string;
  readonly Description?: string;
  readonly LatestVersionNumber?: number;
  readonly VersionLabel?: string;
}

interface VersionSummary {
  readonly ApplicationId: string;
  readonly ConfigurationProfileId: string;
  readonly VersionNumber: number;
  readonly Description?: string;
  readonly ContentType: string;
  readonly VersionLabel?: string;
  readonly KmsKeyArn?: string;
}

interface VersionOutput extends VersionSummary {
  readonly Content: Uint8Array;
}

/** CreateHostedConfigurationVersion and its siblings. */
export function versions(house: House, state: AppConfigState): Service['operations'] {
  const profileOf = (input: VersionInput): Profile => findProfile(house, findApplication(house, state, input.ApplicationId), input.ConfigurationProfileId);
  return {
    async CreateHostedConfigurationVersion(input: VersionInput): Promise<VersionOutput> {
      const application = findApplication(house, state, input.ApplicationId);
      const profile = findProfile(house, application, input.ConfigurationProfileId);
      refuseVersion(profile, input);
      const number = profile.latestVersion + 1;
      const extensions = extensionsOf(house, state, { application, profile });
      const { content } = await runExtensions(house, 'PRE_CREATE_HOSTED_CONFIGURATION_VERSION', { application, profile, extensions, ...(input.Description !== undefined && { description: input.Description }) }, contentOf(profile, number, input));
      if (profile.latestVersion !== number - 1) throw conflict(`Expected latest version ${number - 1} does not match actual latest version ${profile.latestVersion}`);
      const latest = latestOf(profile);
      const stored = kept(house, profile, content?.content ?? input.Content);
      if (latest && stored === latest.content) return { ...shown(profile, latest), Content: latest.content };
      const version: HostedVersion = {
        number,
        content: stored,
        contentType: content?.contentType ?? input.ContentType,
        ...(input.VersionLabel !== undefined && { label: input.VersionLabel }),
        ...(input.Description !== undefined && { description: input.Description }),
        ...(profile.kmsKeyIdentifier !== undefined && { kmsKeyArn: kmsKeyArn(house, profile.kmsKeyIdentifier) }),
      };
      refuseSize(version.content);
      profile.versions.set(number, version);
      profile.latestVersion = number;
      record(house, profile, version, 'created');
      return { ...shown(profile, version, input.Description), Content: version.content };
    },

    GetHostedConfigurationVersion(input: VersionInput): VersionOutput {
      const profile = profileOf(input);
      const version = findVersion(house, profile, input.VersionNumber);
      return { ...shown(profile, version), Content: version.content };
    },

    ListHostedConfigurationVersions(input: VersionInput & PageInput): Page<VersionSummary> {
      const profile = profileOf(input);
      const all = [...profile.versions.values()].filter(({ label }) => labelled(label, input.VersionLabel)).toReversed();
      return pageOf(`versions of ${profile.id} ${input.VersionLabel ?? ''}`, all.map((version) => shown(profile, version)), input);
    },

    DeleteHostedConfigurationVersion(input: VersionInput): void {
      const profile = profileOf(input);
      const version = findVersion(house, profile, input.VersionNumber);
      profile.versions.delete(version.number);
      record(house, profile, version, 'deleted');
    },
  };
}

function refuseVersion(profile: Profile, input: VersionInput): void {
  if (profile.locationUri !== 'hosted') throw badRequest(`Configuration profile ${profile.id} has the locationUri ${profile.locationUri}; only a profile with the locationUri hosted has hosted configuration versions.`);
  refuseSize(input.Content);
  const taken = input.VersionLabel === undefined ? undefined : [...profile.versions.values()].find(({ label }) => label === input.VersionLabel);
  if (taken) throw badRequest(`The version label '${input.VersionLabel}' has already been assigned to hosted configuration version ${taken.number}. Please provide a different version label to create your hosted configuration version.`);
  if (input.LatestVersionNumber !== undefined && input.LatestVersionNumber !== profile.latestVersion) {
    throw conflict(`Expected latest version ${input.LatestVersionNumber} does not match actual latest version ${profile.latestVersion}`);
  }
}

function latestOf(profile: Profile): HostedVersion | undefined {
  return [...profile.versions.values()].at(-1);
}

/** The bytes to store: of feature flags normalised, and those of the latest version when nothing has changed. */
function kept(house: House, profile: Profile, content: Uint8Array): Uint8Array {
  if (profile.type !== 'AWS.AppConfig.FeatureFlags') return content;
  const before = latestOf(profile)?.content;
  const stored = storedFlags(content, before, house.kernel.now());
  return before && Buffer.compare(before, stored) === 0 ? before : stored;
}

function refuseSize(content: Uint8Array): void {
  const kilobytes = Math.ceil(content.length / 1024);
  if (kilobytes > LIMIT) throw new WireFault({ code: 'PayloadTooLargeException', status: 413, message: 'Content size limit exceeded.', members: { Measure: 'KILOBYTES', Limit: LIMIT, Size: kilobytes } });
}

function contentOf(profile: Profile, number: number, input: VersionInput): ExtensionContent {
  const previous = latestOf(profile);
  return {
    content: input.Content,
    contentType: input.ContentType,
    contentVersion: String(number),
    ...(previous && { previous: { content: previous.content, contentType: previous.contentType, contentVersion: String(previous.number) } }),
  };
}

/** A filter that ends in an asterisk means a prefix. */
function labelled(label: string | undefined, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  if (label === undefined) return false;
  return filter.endsWith('*') ? label.startsWith(filter.slice(0, -1)) : label === filter;
}

function record(house: House, profile: Profile, version: HostedVersion, did: string): void {
  const sha256 = createHash('sha256').update(version.content).digest('hex');
  house.history.record('appconfig:version', versionPath(profile, version), { did, sha256, ...(version.label !== undefined && { label: version.label }) });
}

function shown(profile: Profile, version: HostedVersion, given?: string): VersionSummary {
  return {
    ApplicationId: profile.applicationId,
    ConfigurationProfileId: profile.id,
    VersionNumber: version.number,
    ...described(version.description, given),
    ContentType: version.contentType,
    ...(version.label !== undefined && { VersionLabel: version.label }),
    ...(version.kmsKeyArn !== undefined && { KmsKeyArn: version.kmsKeyArn }),
  };
}
