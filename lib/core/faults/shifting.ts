/** Errors of workflows whose new versions are shifted to. */
export const SHIFTING = {
  'SLUICE-SHIFT-1': {
    message: '{field} of a shift must be {expected}, got {got}',
    remedy: 'give steps that grow, each of 0 to 99 percent for at least a minute; 100 comes by itself',
  },
  'SLUICE-SHIFT-2': {
    message: '{environment} is shifting {workflow} from version {from} to version {to} ({state}), and one change runs at a time',
    remedy: 'wait until the shift is over, `sluice shift status`, or end it with `sluice shift abort`; then start the deployment again',
  },
  'SLUICE-SHIFT-3': {
    message: 'the shift record {key} cannot be read: {problem}',
    remedy: 'restore the object from an earlier S3 version, or delete it: the next stack update then begins anew from what the alias routes to',
  },
  'SLUICE-SHIFT-4': {
    message: 'EventBridge did not take the news of a shift: {problem}',
    remedy: 'the shift stands as it was decided; look whether the controller may call events:PutEvents',
  },
  'SLUICE-SHIFT-5': {
    message: 'the controller cannot read its input: {problem}',
    remedy: 'let the rule of the Workflow construct start it; it needs the workflow and the version that the stack wants',
  },
  'SLUICE-SHIFT-6': {
    message: 'no workflow in {place} is shifting{named}',
    remedy: 'see `sluice shift status`; a shift begins by itself when a stack with a new version is done',
  },
  'SLUICE-SHIFT-7': {
    message: 'several workflows in {place} are shifting: {names}',
    remedy: 'name the one that is meant, `sluice shift {action} <workflow>`',
  },
  'SLUICE-SHIFT-8': {
    message: 'the shift of {workflow} cannot be asked to {action}: {problem}',
    remedy: 'see `sluice shift status` for how it stands',
  },
  'SLUICE-SHIFT-9': {
    message: 'version {version} of {workflow} does not declare to run with version {epoch} of the configuration, which is live: {problem}{also}',
    remedy: 'release a configuration that it declares (`runsWith`); or deploy a version that declares what is live',
  },
  'SLUICE-SHIFT-10': {
    message: '{got} versions of a workflow cannot be retained',
    remedy: 'give a whole number from 1 to {most}, since Step Functions keeps 1000; or leave it out, for 50',
  },
  'SLUICE-SHIFT-13': {
    message: 'not all versions that nothing needs were deleted: {problem}',
    remedy: 'wait: Lambda asks again twice, and the next deployment of the stack does; look whether it may call what it was denied',
  },
  'SLUICE-SHIFT-14': {
    message: 'the alias of {workflow} cannot be given {weight} % of version {version}: {problem}',
    remedy: 'it is tried again each half minute; where the version was deleted end the shift with `sluice shift abort`, or deploy the next version',
  },
} as const;
