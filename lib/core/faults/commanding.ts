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
  'SLUICE-DEMO-1': {
    message: 'the story did not end as promised: {problems}',
    remedy: 'this is a defect; report it with the seed, {seed}',
  },
} as const;
