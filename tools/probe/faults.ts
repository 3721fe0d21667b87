/** Errors of the probe. docs/probe.md lists them. */
export const PROBING = {
  'SLUICE-PROBE-1': {
    message: 'the probe has no option {got}',
    remedy: 'see npm run probe:aws -- --help',
  },
  'SLUICE-PROBE-2': {
    message: '--only names {got}, and there is no such probe',
    remedy: 'use one or several of {names}, with commas between',
  },
  'SLUICE-PROBE-3': {
    message: 'nothing was done: the probe creates what the plan says in the account {account}, region {region}',
    remedy: 'add --yes when that is what you want',
  },
  'SLUICE-PROBE-4': {
    message: '{endpoint} is set as AWS_ENDPOINT_URL and is no sluice-engine: {problem}',
    remedy: 'unset it to probe AWS, or start an engine with: sluice up --clock virtual',
  },
  'SLUICE-PROBE-5': {
    message: 'AWS does not say who you are: {problem}',
    remedy: 'set AWS_REGION and credentials, for example with aws sso login and AWS_PROFILE',
  },
  'SLUICE-PROBE-6': {
    message: '{count} resources could not be removed: {problems}',
    remedy: 'run npm run probe:aws -- --sweep, or delete them by hand; all are tagged sluice-probe',
  },
} as const;
