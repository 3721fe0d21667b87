import { refusedFeatures, invalidDefinitionMessage, validateDefinition, type Diagnostic, type Offers } from './asl/index.ts';
import { checkEnumeration, checkLength, checkRole } from './constraint.ts';
import { integrationFindings } from './integration/findings.ts';
import { refusal, unbuilt } from './refusal.ts';
import type { LoggingConfiguration, RevisionSource } from './stateMachine.ts';

/** What CreateStateMachine and UpdateStateMachine say of what a machine runs. */
export interface ConfigurationInput {
  readonly definition?: string;
  readonly roleArn?: string;
  readonly loggingConfiguration?: LoggingConfiguration;
  readonly tracingConfiguration?: { readonly enabled?: boolean };
  readonly encryptionConfiguration?: { readonly type: string };
}

type MachineType = 'STANDARD' | 'EXPRESS';

const LONGEST_DEFINITION = 1_048_576;
const LEVELS = ['ALL', 'ERROR', 'FATAL', 'OFF'];
const OFF: LoggingConfiguration = { level: 'OFF', includeExecutionData: false };

/** Refuses what AWS refuses of a configuration, and by name what this engine cannot run. */
export function checkConfiguration(input: ConfigurationInput, offers: Offers, type: MachineType = 'STANDARD'): void {
  if (input.definition !== undefined) checkDefinition(input.definition, type);
  if (input.roleArn !== undefined) checkRole(input.roleArn);
  if (input.loggingConfiguration) checkLogging(input.loggingConfiguration);
  if (type === 'EXPRESS') throw unbuilt('express state machines (their executions have no history to describe)');
  const features = input.definition === undefined ? [] : refusedFeatures(input.definition, offers);
  if (features.length > 0) throw unbuilt(features.join(', '));
  const encryption = input.encryptionConfiguration?.type;
  if (encryption !== undefined && encryption !== 'AWS_OWNED_KEY') throw unbuilt(`encryption with ${encryption}`);
}

/** What is wrong with a definition, its API calls included. */
export function definitionFindings(definition: string, type?: MachineType): Diagnostic[] {
  const findings = validateDefinition(definition, type);
  return findings.some(({ severity }) => severity === 'ERROR') ? findings : [...findings, ...integrationFindings(definition)];
}

/** A configuration laid over the one before it, or over AWS's defaults. */
export function configured(input: ConfigurationInput, before?: RevisionSource): RevisionSource {
  const { definition = before?.definition, roleArn = before?.roleArn } = input;
  if (definition === undefined || roleArn === undefined) throw new Error('a machine needs a definition and a role');
  const logging = input.loggingConfiguration;
  return {
    definition,
    roleArn,
    logging: logging ? { ...OFF, ...logging } : before?.logging ?? OFF,
    tracing: input.tracingConfiguration ? input.tracingConfiguration.enabled ?? false : before?.tracing ?? false,
  };
}

/** Whether two configurations are the same to the last byte. */
export function sameConfiguration(one: RevisionSource, other: RevisionSource): boolean {
  return one.definition === other.definition && one.roleArn === other.roleArn && one.tracing === other.tracing
    && loggingText(one.logging) === loggingText(other.logging);
}

function loggingText({ level, includeExecutionData, destinations = [] }: LoggingConfiguration): string {
  return JSON.stringify([level, includeExecutionData, destinations.map((each) => each.cloudWatchLogsLogGroup?.logGroupArn)]);
}

function checkDefinition(definition: string, type: MachineType): void {
  checkLength(definition, 'definition', 1, LONGEST_DEFINITION, true);
  const findings = definitionFindings(definition, type);
  if (findings.some(({ severity }) => severity === 'ERROR')) throw refusal('InvalidDefinition', invalidDefinitionMessage(findings));
}

function checkLogging({ level = 'OFF', destinations = [] }: LoggingConfiguration): void {
  checkEnumeration(level, 'loggingConfiguration.level', LEVELS);
  if (destinations.length > 1 || (level !== 'OFF' && destinations.length === 0)) {
    throw refusal('InvalidLoggingConfiguration', 'Invalid Logging Configuration: Must specify exactly one Log Destination.');
  }
}
