/** Errors of playing recorded executions again. */
export const SHADOWING = {
  'SLUICE-SHADOW-1': {
    message: '{what} cannot be played: {problem}',
    remedy: 'the engine plays standard machines in JSONPath; for the rest send a small share of the traffic to it and let the judge compare',
  },
  'SLUICE-SHADOW-2': {
    message: 'a shadow needs one candidate, got {got}',
    remedy: 'give --version with the new version of the workflow, or --epoch with the new configuration',
  },
  'SLUICE-SHADOW-3': {
    message: 'nothing of {epoch} could show: no state is said to be pure',
    remedy: 'say which functions have no side effects, by `pure` of their PinnedTask or with --pure; all other tasks are answered from the recording, whatever the configuration says',
  },
  'SLUICE-SHADOW-4': {
    message: '{arn} is no alias, version or state machine',
    remedy: 'give the ARN of the alias whose executions are to be played again',
  },
  'SLUICE-SHADOW-5': {
    message: 'the pure state {state} has the resource {resource}, which cannot be run',
    remedy: 'only states whose resource is a function can be pure',
  },
} as const;
