import { PARTS, partsOf, type Duty, type Part, type PlaceArns } from './duty.ts';
import type { Rights } from './facts.ts';

/** How it is known what the caller may do: the account's root user may do all, IAM simulated it, or reading was tried, which tells nothing of writing. */
export type ToldBy = 'root' | 'iam:SimulatePrincipalPolicy' | 'reading';

/** What is known of what the caller may do: of each part the actions that are denied. Of a part that is left out nothing is known. */
export interface ToldRights {
  readonly by: ToldBy;
  readonly lacking: Readonly<Partial<Record<Part, readonly string[]>>>;
}

/** Whether the caller may run a command; null when that is not known. */
export interface CommandRight {
  readonly command: string;
  readonly may: boolean | null;
  /** The actions that are denied. */
  readonly lacking?: readonly string[];
}

const SEEN: readonly Part[] = ['find', 'deployments', 'versions'];
const PLANNED: readonly Part[] = [...SEEN, 'counts', 'kept schemas', 'kept releases', 'kept environments'];
const SHOWN: readonly Part[] = [...SEEN, 'kept deployments', 'kept releases', 'kept epochs'];

/** What each command asks of AWS, `validate` nothing. Left out is `shadow`, whose workflow is known only when it is named. */
const COMMANDS: Readonly<Record<string, readonly Part[]>> = {
  'validate': [],
  'plan': PLANNED,
  'approve': ['find', 'approve'],
  'release': [...PLANNED, 'kept approvals', 'list', 'release'],
  'status': [...SEEN, 'alarms', 'counts', 'list', 'kept deployments', 'kept releases', 'kept verdicts', 'kept overrides', 'kept environments'],
  'history': [...SEEN, 'list', 'kept releases', 'kept overrides'],
  'show': SHOWN,
  'explain': ['find', 'list', 'kept verdicts'],
  'diff': SHOWN,
  'blame': SHOWN,
  'override': ['find', 'alarms', 'list', 'kept overrides', 'override'],
  'roll-back': ['find', 'deployments', 'take-back'],
  'revert': SHOWN,
  'shift': ['find', 'list', 'kept shifting', 'kept shifts'],
  'shift pause': ['find', 'list', 'kept shifting', 'kept shifts', 'shift'],
  'drift': [...SEEN, 'alarms', 'rings', 'list', 'kept releases', 'kept verdicts'],
  'adopt': SHOWN,
};

/** Which commands the caller may run in an environment. */
export function commandRights({ lacking }: ToldRights): CommandRight[] {
  return Object.entries(COMMANDS).map(([command, parts]) => {
    const denied = [...new Set(parts.flatMap((part) => lacking[part] ?? []))].sort();
    if (denied.length > 0) return { command, may: false, lacking: denied };
    return { command, may: parts.some((part) => lacking[part] === undefined) ? null : true };
  });
}

/** What the caller may do of each duty; duties that nothing is known of are left out. */
export function dutyRights({ lacking }: ToldRights, place: PlaceArns): Rights[] {
  const needs = partsOf(place);
  return (Object.keys(PARTS) as Duty[]).flatMap((duty) => {
    const parts = PARTS[duty].filter((part) => needs[part].length > 0);
    if (parts.length === 0 || parts.some((part) => lacking[part] === undefined)) return [];
    return [{ duty, lacking: [...new Set(parts.flatMap((part) => lacking[part] ?? []))].sort(), of: new Set(parts.flatMap((part) => needs[part].flatMap(({ actions }) => actions))).size }];
  });
}
