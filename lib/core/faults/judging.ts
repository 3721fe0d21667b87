/** Errors of the judge: its windows, its rules and its records. */
export const JUDGING = {
  'SLUICE-JUDGE-1': {
    message: '{at} must be {expected}, got {got}',
    remedy: 'give windows as docs/judge.md says',
  },
  'SLUICE-JUDGE-2': {
    message: '{at} counts by the unknown metric {got}',
    remedy: 'use one of the metrics of the rules: {metrics}; or add it there with its weight',
  },
  'SLUICE-JUDGE-3': {
    message: '{at} has no {cohort}',
    remedy: 'count both cohorts in each window; a cohort in which nothing started has 0 starts and 0 bad',
  },
  'SLUICE-JUDGE-4': {
    message: '{at} must be {expected}, got {got}',
    remedy: 'count each execution once, in the window in which it started',
  },
  'SLUICE-JUDGE-5': {
    message: 'two windows of {metric} overlap: {one} and {other}',
    remedy: 'count each stretch of time once; a window ends where the next one begins',
  },
  'SLUICE-JUDGE-6': {
    message: 'rules.{field} must be {expected}, got {got}',
    remedy: 'leave it out for the default, {fallback}',
  },
  'SLUICE-JUDGE-7': {
    message: 'the judge has no rule {got}',
    remedy: 'use one of {names}',
  },
  'SLUICE-JUDGE-8': {
    message: 'the verdict record cannot be read: {problem}',
    remedy: 'records follow schemas/verdict.schema.json; restore the object from an earlier S3 version',
  },
  'SLUICE-JUDGE-9': {
    message: 'the store has no record of deployment {deployment}, so nobody knows which epochs to compare',
    remedy: 'the deployment goes on unjudged; its alarms watch it. Find out who removed the record that the gate wrote',
  },
  'SLUICE-JUDGE-10': {
    message: 'the judge could not see within {milliseconds} ms',
    remedy: 'the deployment goes on; give the judge more memory if it happens often',
  },
  'SLUICE-JUDGE-11': {
    message: '{count} metrics are more than one call of CloudWatch answers for both epochs',
    remedy: 'judge by {most} metrics at most',
  },
  'SLUICE-JUDGE-12': {
    message: 'CloudWatch withheld {metric}: {status}',
    remedy: 'the deployment goes on; look whether the judge may call cloudwatch:GetMetricData',
  },
  'SLUICE-JUDGE-13': {
    message: 'EventBridge did not take the news of a rollback: {problem}',
    remedy: 'the rollback stands; look whether the judge may call events:PutEvents',
  },
  'SLUICE-JUDGE-14': {
    message: 'there is no verdict on deployment {deployment} in the store {bucket}',
    remedy: 'look for the number with `sluice history`; the first deployment has nothing it could be compared with, and verdicts are deleted after keepVerdicts',
  },
  'SLUICE-JUDGE-15': {
    message: 'keepVerdicts must be whole days, {least} or more, got {got}',
    remedy: 'leave it out for the default, 365 days; a rollout and the time in which it can be taken back look at earlier verdicts',
  },
  'SLUICE-JUDGE-16': {
    message: 'the store {bucket} holds verdicts on a deployment {deployment} of several environments: {places}',
    remedy: 'name the environment with --env, without --store and SLUICE_STORE',
  },
} as const;
