/** Errors of releases, and of what follows and undoes them. */
export const RELEASING = {
  'SLUICE-PLAN-5': {
    message: 'the plan {path} cannot be released: {problem}',
    remedy: 'make it anew with `sluice plan --out plan.json`',
  },
  'SLUICE-PLAN-6': {
    message: '{option} goes without {other}',
    remedy: 'a plan that can be released is made over what is live',
  },
  'SLUICE-PLAN-7': {
    message: 'there is no plan {path}',
    remedy: 'make it with `sluice plan --out {path}`',
  },
  'SLUICE-PLAN-8': {
    message: '{path} is there, and is no plan; it is left as it is',
    remedy: 'name another file after --out, or delete this one',
  },
  'SLUICE-RELEASE-1': {
    message: 'the plan for {place} is stale: {winner} came first',
    remedy: 'see what it changed with `sluice history`, and plan again',
  },
  'SLUICE-RELEASE-2': {
    message: '{place} is taken: {winner} is under way',
    remedy: 'wait for it with --queue, or stop it with `sluice roll-back`',
  },
  'SLUICE-RELEASE-3': {
    message: 'the release to {place} was taken back: deployment {deployment} is {state}',
    remedy: 'see why with `sluice show {deployment}`; release the same again with --again',
  },
  'SLUICE-RELEASE-4': {
    message: 'version {version} of {place} carries the label of this release but other bytes',
    remedy: 'find out who created it; AppConfig gives a label once, so plan from a new commit',
  },
  'SLUICE-RELEASE-5': {
    message: 'the deployment {deployment} of {place} began unseen after {winner}, and was withdrawn',
    remedy: 'nothing is lost; plan again on top of what is live',
  },
  'SLUICE-RELEASE-6': {
    message: '{place} has no epoch store: its profile {profile} has no tag sluice:store',
    remedy: 'deploy the environment with the constructs, or tag the profile with the name of the bucket',
  },
  'SLUICE-RELEASE-7': {
    message: 'the release to {place} has {got} of the {needed} approvals that {documents} asks for',
    remedy: 'have {owners} run `sluice approve` with this plan',
  },
  'SLUICE-RELEASE-8': {
    message: '{place} is ahead: what is live comes from commit {live}, which {commit} does not contain',
    remedy: 'merge it first, or take it back with `sluice revert`; --behind releases anyway',
  },
  'SLUICE-RELEASE-9': {
    message: 'one environment is needed, and there are several: {names}',
    remedy: 'name the one that is meant',
  },
  'SLUICE-RELEASE-10': {
    message: 'the guard {alarm} of {place} is {state}',
    remedy: 'nothing begins under an alarm that is not OK; mend what it watches, or take it out of sluice.yaml',
  },
  'SLUICE-ADOPT-1': {
    message: 'what is live in {place} cannot be adopted: {problem}',
    remedy: 'compare with `sluice diff live .`, and change the project by hand',
  },
  'SLUICE-LOOK-1': {
    message: '{place} has no epoch {epoch}',
    remedy: 'name a deployment (7), a version (v5), a digest (sha256:...), live, a git revision, or . for the project',
  },
  'SLUICE-LOOK-2': {
    message: 'what is live in {place} has no {path} in {document}',
    remedy: 'write the path as `sluice plan` does, such as carriers[name=eu].host',
  },
  'SLUICE-LOOK-3': {
    message: '{place} has no deployment {deployment}',
    remedy: 'see their numbers with `sluice history`',
  },
  'SLUICE-OVERRIDE-1': {
    message: 'AppConfig watches no alarm {alarm} in {place}, so there is nothing that could be overridden',
    remedy: 'the constructs make it; disable the actions of another alarm yourself, or stop watching it',
  },
  'SLUICE-OVERRIDE-2': {
    message: 'somebody else overrode {place}, or ended that, at this moment',
    remedy: 'look at `sluice status`, then try again',
  },
  'SLUICE-OVERRIDE-3': {
    message: 'no override of {place} is in force',
    remedy: 'alarm actions that somebody disabled by hand are enabled by hand',
  },
  'SLUICE-UNDO-1': {
    message: 'there is nothing to take back in {place}: {problem}',
    remedy: 'see `sluice history`; what is live can be replaced by a release',
  },
  'SLUICE-UNDO-2': {
    message: 'no revert commit can be made for deployment {deployment} of {place}: {problem}',
    remedy: 'compare with `sluice diff`, and change the project by hand',
  },
} as const;
