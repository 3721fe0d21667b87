/** Errors of readers: epochs, pins, and where they come from. Kept apart because functions bundle them. */
export const READING = {
  'SLUICE-EPOCH-1': {
    message: 'the content is not an epoch: {problem}',
    remedy: 'compose it with `sluice release`, or follow schemas/epoch.schema.json',
  },
  'SLUICE-EPOCH-2': {
    message: 'the bytes have the digest {got}, expected {expected}',
    remedy: 'read them again from the epoch store; nobody may rewrite an epoch',
  },
  'SLUICE-EPOCH-3': {
    message: 'the epoch has no document named {name}, it has {names}',
    remedy: 'add the document to the configuration directory, or correct the name',
  },
  'SLUICE-PIN-1': {
    message: 'there is no pin in {got}',
    remedy: 'begin the workflow with the pin state and keep its result at $.pin',
  },
  'SLUICE-PIN-2': {
    message: 'the pin cannot be read: {problem}',
    remedy: 'follow schemas/pin.schema.json',
  },
  'SLUICE-PIN-3': {
    message: 'version {version} ({digest}), to which {entity} is pinned, was rolled back: deployment {deployment} was {state} at {seenAt}',
    remedy: '`sluice explain {deployment}` says by whom and why; catch Sluice.EpochRolledBack in the definition, or start the work again, which is then pinned to what is live',
  },
  'SLUICE-PIN-4': {
    message: 'the AppConfig agent still serves version {version}, which was rolled back as deployment {deployment}',
    remedy: 'try again: agents ask AppConfig every 45 seconds; give the state a Retry for SluiceFault',
  },
  'SLUICE-READ-1': {
    message: '{variable} is not set',
    remedy: 'set it in the environment of the function, or pass {option} to reader()',
  },
  'SLUICE-READ-2': {
    message: 'no configuration could be had from {source}: {problem}',
    remedy: 'check that the source runs and that a deployment has completed; a warm reader keeps its newest good value',
  },
  'SLUICE-READ-3': {
    message: 'the epoch {digest} is not in the store {store}: {problem}',
    remedy: 'check that the gate is associated with the profile and that the reader may s3:GetObject; without s3:ListBucket an absent key answers 403',
  },
} as const;
