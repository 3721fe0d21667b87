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
  'SLUICE-SHADOW-6': {
    message: '{subject} must be shown by a shadow first, and there is none that counts: {problem}',
    remedy: 'run `{command}`; what it finds newly failing and is meant so takes `--accept` with a reason',
  },
  'SLUICE-SHADOW-7': {
    message: '{field} of a demanded shadow must be a whole number above 0, got {got}',
    remedy: 'say how many executions are to be compared at least, and for how long what was found counts',
  },
  'SLUICE-SHADOW-8': {
    message: 'differences cannot be accepted: {problem}',
    remedy: 'give --env with the environment that keeps them, --accept with the reason, and --as with who accepts where git knows nobody',
  },
} as const;
