/** Errors of the gate, the validator and the handlers beside them. */
export const GUARDING = {
  'SLUICE-GATE-1': {
    message: 'the extension event cannot be read: {problem}',
    remedy: 'associate the gate with PRE_CREATE_HOSTED_CONFIGURATION_VERSION and PRE_START_DEPLOYMENT of a free-form profile only',
  },
  'SLUICE-GATE-2': {
    message: 'the document {document} names the schema {digest}, which the epoch store does not have',
    remedy: 'release with `sluice release`, which stores schemas first',
  },
  'SLUICE-GATE-3': {
    message: 'the gate could not decide within {milliseconds} ms',
    remedy: 'nothing was deployed; try again, and give the gate more memory if it happens often',
  },
  'SLUICE-GATE-4': {
    message: 'the gate failed: {problem}',
    remedy: 'nothing was deployed; a gate that fails denies',
  },
  'SLUICE-GATE-5': {
    message: '{count} problems in the configuration: {problems}',
    remedy: 'correct each and release again',
  },
  'SLUICE-GATE-6': {
    message: 'the epoch names the rules {digest}, which the epoch store does not have',
    remedy: 'release with `sluice release`, which stores them first; in the console leave "rules" as it is',
  },
  'SLUICE-GATE-7': {
    message: 'the epoch is by the rules of {got}, and this is {place}',
    remedy: 'release with `sluice release`, which composes one epoch for each environment',
  },
  'SLUICE-GATE-8': {
    message: 'the change of {document} in {place} has {got} of the {needed} approvals it needs',
    remedy: 'plan it over what is live now, have {owners} run `sluice approve` with that plan, each with credentials of their own, and release it',
  },
  'SLUICE-GATE-9': {
    message: 'version {version} of {workflow}, on which {share} % of its executions start, does not declare to run with this configuration: {problem}',
    remedy: 'let a new version of {workflow} declare it beside what is live (`runsWith`) and give it the executions first; or release what version {version} declares',
  },
  'SLUICE-GATE-10': {
    message: 'what the versions of {count} workflows declare could not be read within {milliseconds} ms',
    remedy: 'nothing was deployed; try again, and give the gate more memory if it happens often',
  },
  'SLUICE-HOOK-1': {
    message: 'the handler {handler} cannot read its event: {problem}',
    remedy: 'wire it as docs/handlers.md says',
  },
  'SLUICE-GUARD-1': {
    message: 'the monitor {alarm} has no room: the environment has {count}',
    remedy: 'make one composite alarm of those that are there, or name them as guards and remove them',
  },
  'SLUICE-SEED-1': {
    message: 'the documents of the first release are not at {key} in {bucket}',
    remedy: 'deploy with the cdk command, which publishes them',
  },
  'SLUICE-SEED-2': {
    message: 'the first release, deployment {number}, is {state}',
    remedy: 'see the deployment in AppConfig for what took it back, and deploy the stack again',
  },
  'SLUICE-SEED-3': {
    message: 'the alarm {alarm} is {state} and was not OK within {minutes} minutes',
    remedy: 'mend what it watches, or leave it out of the guards; nothing begins under an alarm that rings',
  },
  'SLUICE-ENV-1': {
    message: 'the environment variable {variable} is not set',
    remedy: 'set it on the function, as the head of its handler documents',
  },
} as const;
