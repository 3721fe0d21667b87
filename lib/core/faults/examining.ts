/** What `sluice doctor` finds wrong. */
export const EXAMINING = {
  'SLUICE-DOCTOR-1': {
    message: 'the clock of this machine is {seconds} s off AWS\'s',
    remedy: 'let it be set by NTP; AWS refuses what is signed 5 minutes off',
  },
  'SLUICE-DOCTOR-2': {
    message: 'the profile {profile} has no validator of type {missing}',
    remedy: 'deploy the stack again; until then what is no epoch can be stored',
  },
  'SLUICE-DOCTOR-3': {
    message: 'no extension asks the gate at {points}',
    remedy: 'deploy the stack again; until then deployments start unexamined and leave no record',
  },
  'SLUICE-DOCTOR-4': {
    message: 'nobody judges rollouts: no extension is asked at AT_DEPLOYMENT_TICK',
    remedy: 'drop `judge: false` from the environment; until then only alarms take a change back',
  },
  'SLUICE-DOCTOR-5': {
    message: 'the default bus is not told when a deployment is complete',
    remedy: 'deploy the stack again; until then an alarm that rings just before that takes nothing back',
  },
  'SLUICE-DOCTOR-6': {
    message: 'AppConfig watches no alarm of the environment',
    remedy: 'deploy the stack again; until then AppConfig takes nothing back by itself',
  },
  'SLUICE-DOCTOR-7': {
    message: 'the alarm {alarm} is {state}',
    remedy: 'see what it watches; while it is not OK no release begins, or one is taken back',
  },
  'SLUICE-DOCTOR-8': {
    message: 'the alarm {alarm} is overridden: its actions are disabled, so it takes nothing back',
    remedy: 'when the reason is gone: aws cloudwatch enable-alarm-actions --alarm-names {alarm}',
  },
  'SLUICE-DOCTOR-9': {
    message: '{what} could not be looked at: {problem}',
    remedy: 'have somebody look who may, or be allowed it',
  },
  'SLUICE-DOCTOR-10': {
    message: 'the rule {rule}, which calls the {handler} handler, is disabled',
    remedy: 'aws events enable-rule --name {rule}',
  },
  'SLUICE-DOCTOR-11': {
    message: 'no rule calls the {handler} handler {name}',
    remedy: 'deploy the stack again; until then it does nothing',
  },
  'SLUICE-DOCTOR-12': {
    message: 'the function {name} of the {handler} handler is {state}',
    remedy: 'see its last update: aws lambda get-function-configuration --function-name {name}',
  },
  'SLUICE-DOCTOR-13': {
    message: 'there is no {handler} handler',
    remedy: 'deploy the stack again',
  },
  'SLUICE-DOCTOR-14': {
    message: 'the {handler} handler is of version {got}, this command line of {version}',
    remedy: 'deploy the stack and release with the same version of sluice',
  },
  'SLUICE-DOCTOR-15': {
    message: 'the function {name} reads with {layer}, whose agent ignores Entity-Id',
    remedy: 'deploy it with a version above {most}; until then exposure counts sandboxes, not executions',
  },
  'SLUICE-DOCTOR-16': {
    message: 'you may {duty} only in part: {lacking}',
    remedy: 'have the permission set for it attached as a whole (PermissionSets of the constructs)',
  },
  'SLUICE-DOCTOR-17': {
    message: 'you may not see all: {lacking}',
    remedy: 'have the permission set Reader attached (PermissionSets of the constructs)',
  },
} as const;
