/** Errors of plans and of what drives a rollout. */
export const PLANNING = {
  'SLUICE-PLAN-1': {
    message: '{field} must be a number of {unit} from {least} to {most}, got {got}',
    remedy: 'AppConfig takes no other',
  },
  'SLUICE-PLAN-2': {
    message: '{field} must be above 0 and at most 100, got {got}',
    remedy: 'use 100 to deploy at once',
  },
  'SLUICE-PLAN-3': {
    message: 'the steps {steps} are neither equal steps nor doubling ones of equal length, and AppConfig can express no other',
    remedy: 'use a linear plan, or a canary plan whose exposure doubles',
  },
  'SLUICE-PLAN-4': {
    message: 'unknown plan {got}',
    remedy: 'use one of {names}',
  },
  'SLUICE-PLANE-1': {
    message: 'AppConfig has no {kind} named {name}',
    remedy: 'correct the name, or create it; names are case-sensitive',
  },
  'SLUICE-PLANE-2': {
    message: 'the profile {profile} has moved on: expected version {expected} to be the latest',
    remedy: 'look at what was released meanwhile, then release again',
  },
  'SLUICE-PLANE-3': {
    message: 'AppConfig refused {operation}: {problem}',
    remedy: 'correct what the message names and try again',
  },
  'SLUICE-PLANE-4': {
    message: 'a deployment is already running in {environment}: {problem}',
    remedy: 'wait until it ends, or stop it with StopDeployment',
  },
  'SLUICE-PEER-1': {
    message: 'not installed: {packages}',
    remedy: 'run: npm install {wanted}',
  },
  'SLUICE-STORE-1': {
    message: 'the store holds other bytes at {key}',
    remedy: 'keys of the epoch store are written once; find out who wrote this one',
  },
  'SLUICE-STORE-2': {
    message: 'the bucket {bucket} cannot be used: {problem}',
    remedy: 'create the bucket, or set SLUICE_STORE to the one of this environment',
  },
  'SLUICE-STORE-3': {
    message: 'the record at {key} cannot be read: {problem}',
    remedy: 'records follow schemas/deployment.schema.json; restore the object from an earlier S3 version',
  },
  'SLUICE-STORE-4': {
    message: 'the provenance at {key} cannot be read: {problem}',
    remedy: 'it follows schemas/release.schema.json; restore the object from an earlier S3 version',
  },
  'SLUICE-STORE-5': {
    message: 'the override {key} cannot be read: {problem}',
    remedy: 'entries follow schemas/override.schema.json; restore the object from an earlier S3 version',
  },
} as const;
