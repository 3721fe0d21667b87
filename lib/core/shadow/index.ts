export { Answers, repinned, type OtherCall } from './answers.ts';
export { compared, type Compared, type OutcomeKind, type PlayedAgain } from './comparison.ts';
export { checkedDemand, type ShadowDemand } from './demand.ts';
export { differencesOf, type Difference } from './difference.ts';
export { Past, pastEvent, type PastEvent } from './event.ts';
export { pureStates } from './pure.ts';
export { recordingOf, type Answered, type Attempt, type Ending, type ExecutionFacts, type Recording } from './recording.ts';
export { unshown } from './unshown.ts';
export { concluded, formatShadow, parseShadow, UNNUMBERED, type Candidate, type ShadowRecord, type ShadowVerdict } from './verdict.ts';
