/** Errors of people at the command line. */
export const COMMANDING = {
  'SLUICE-CLI-1': {
    message: 'there is no command {got}',
    remedy: '{remedy}',
  },
  'SLUICE-CLI-2': {
    message: '{command} has no option {got}',
    remedy: '{remedy}',
  },
  'SLUICE-CLI-3': {
    message: '{option} must be {expected}, got {got}',
    remedy: 'see {command} --help',
  },
  'SLUICE-CLI-4': {
    message: '{command} needs {argument}, got nothing',
    remedy: 'for example: {example}',
  },
  'SLUICE-CLI-5': {
    message: '{command} takes no argument {got}',
    remedy: 'see {command} --help',
  },
  'SLUICE-CLI-6': {
    message: 'the system refused: {problem}',
    remedy: 'check the path and who may use it',
  },
  'SLUICE-CLI-7': {
    message: 'sluice failed in a way it does not know: {problem}',
    remedy: 'this is a defect; report it with the trace below',
  },
  'SLUICE-CLI-8': {
    message: '{option} is given twice, as {first} and as {second}',
    remedy: 'give it once',
  },
  'SLUICE-DEMO-1': {
    message: 'the story did not end as promised: {problems}',
    remedy: 'this is a defect; report it with the seed, {seed}',
  },
  'SLUICE-AWS-1': {
    message: 'AWS does not know who asks: {problem}',
    remedy: 'sign in (aws sso login), or set AWS_PROFILE or the credentials of the pipeline',
  },
  'SLUICE-AWS-2': {
    message: 'no region is set: {problem}',
    remedy: 'set AWS_REGION, or region at the environment in sluice.yaml',
  },
  'SLUICE-AWS-3': {
    message: 'AWS does not allow it: {problem}',
    remedy: 'the permission sets of the constructs (Reader, Releaser, Approver, Operator) say who may do what',
  },
  'SLUICE-AWS-4': {
    message: 'AWS answered {name}: {problem}',
    remedy: 'try again; a release that is begun again goes on where it was',
  },
} as const;
