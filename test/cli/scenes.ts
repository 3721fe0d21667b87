import type { Event } from '../../lib/cli/event.ts';
import type { Rehearsed, Scene } from '../../lib/rehearsal/scene.ts';

const MIDNIGHT = Date.UTC(2026, 0, 1);

function at(hours: number, minutes: number, seconds = 0): number {
  return MIDNIGHT + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

const [FIRST, WRONG, LATE] = ['a', 'b', 'c'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string, string];

const HARM = 'ExecutionsFailed: canary 5 bad of 5 (100 %), control 0 bad of 85 (0 %), at least 3.8 times the odds; a harmless release looks like this in at most one of 11741 rollouts, and the rules take back at one in 100';

/** A short story with every kind of scene, written by hand. */
export const SCENES: readonly Scene[] = [
  { kind: 'ready', time: at(0, 1), everyMs: 2000 },
  { kind: 'release', time: at(0, 1), release: 1, title: 'the first one', change: [] },
  { kind: 'stage', time: at(0, 1), release: 1, state: 'DEPLOYING', percent: 0, by: 'USER', canary: { digest: FIRST, started: 0, failed: 0 } },
  { kind: 'stage', time: at(0, 1), release: 1, state: 'COMPLETE', percent: 100, by: 'APPCONFIG', canary: { digest: FIRST, started: 0, failed: 0 } },
  { kind: 'release', time: at(0, 2), release: 2, title: 'a good one', change: ['limits.itemsPerOrder 10 -> 20'] },
  { kind: 'stage', time: at(0, 4, 30), release: 2, state: 'COMPLETE', percent: 100, by: 'APPCONFIG', canary: { digest: FIRST, started: 75, failed: 2 } },
  { kind: 'release', time: at(0, 5), release: 3, title: 'a wrong one', change: ['payments.timeoutSeconds 3 -> 2500'] },
  { kind: 'stage', time: at(0, 5), release: 3, state: 'DEPLOYING', percent: 0, by: 'USER', canary: { digest: WRONG, started: 0, failed: 0 }, control: { digest: FIRST, started: 0, failed: 0 } },
  { kind: 'stage', time: at(0, 8, 20), release: 3, state: 'DEPLOYING', percent: 10, by: 'APPCONFIG', canary: { digest: WRONG, started: 0, failed: 0 }, control: { digest: FIRST, started: 105, failed: 0 } },
  { kind: 'stage', time: at(0, 11), release: 3, state: 'DEPLOYING', percent: 20, by: 'APPCONFIG', canary: { digest: WRONG, started: 6, failed: 6 }, control: { digest: FIRST, started: 196, failed: 0 } },
  { kind: 'alarm', time: at(0, 11, 2), name: 'orders-production', state: 'ALARM' },
  { kind: 'stage', time: at(0, 11, 2), release: 3, state: 'ROLLING_BACK', percent: 0, by: 'CLOUDWATCH_ALARM', canary: { digest: WRONG, started: 6, failed: 6 }, control: { digest: FIRST, started: 196, failed: 0 } },
  { kind: 'stage', time: at(0, 11, 7), release: 3, state: 'ROLLED_BACK', percent: 0, by: 'CLOUDWATCH_ALARM', canary: { digest: WRONG, started: 6, failed: 6 }, control: { digest: FIRST, started: 1204, failed: 0 } },
  { kind: 'alarm', time: at(0, 13, 2), name: 'orders-production', state: 'OK' },
  { kind: 'release', time: at(0, 20), release: 4, title: 'one that turns bad', change: ['limits.itemsPerOrder 20 -> 50', 'carriers.regions.eu.moves to a host that is not in service yet'] },
  { kind: 'stage', time: at(0, 20), release: 4, state: 'DEPLOYING', percent: 0, by: 'USER', canary: { digest: LATE, started: 0, failed: 0 }, control: { digest: FIRST, started: 0, failed: 0 } },
  { kind: 'stage', time: at(0, 23, 20), release: 4, state: 'DEPLOYING', percent: 40, by: 'APPCONFIG', canary: { digest: LATE, started: 41, failed: 0 }, control: { digest: FIRST, started: 64, failed: 1 } },
  { kind: 'stage', time: at(0, 30), release: 4, state: 'BAKING', percent: 100, by: 'APPCONFIG', canary: { digest: LATE, started: 4181, failed: 0 }, control: { digest: FIRST, started: 12_345, failed: 1000 } },
  { kind: 'stage', time: at(0, 40), release: 4, state: 'COMPLETE', percent: 100, by: 'APPCONFIG', canary: { digest: LATE, started: 4481, failed: 0 }, control: { digest: FIRST, started: 12_345, failed: 1000 } },
  { kind: 'alarm', time: at(1, 45, 2), name: 'orders-production', state: 'ALARM' },
  { kind: 'decision', time: at(1, 45, 2), release: 4, by: 'roll-back', reason: 'orders-production was OK when deployment 4 began and is ALARM 65 minutes after it was complete' },
  { kind: 'stage', time: at(1, 45, 2), release: 4, state: 'REVERTED', percent: 0, by: 'USER', canary: { digest: LATE, started: 6431, failed: 40 }, control: { digest: FIRST, started: 12_345, failed: 1000 } },
  { kind: 'release', time: at(1, 46), release: 5, title: 'a number written as a word', change: ['limits.itemsPerOrder 50 -> "fifty"'] },
  { kind: 'refused', time: at(1, 46), release: 5, path: 'git', text: 'SLUICE-DOC-10: limits.yaml:2:16: $.itemsPerOrder must be integer, got "fifty"; correct the value, or change the schema first\n  |\n2 | itemsPerOrder: fifty\n  |                ^' },
  { kind: 'refused', time: at(1, 46), release: 5, path: 'console', text: 'BadRequestError: SLUICE-DOC-10: limits: $.itemsPerOrder must be integer, got "fifty"; correct the value, or change the schema first' },
  { kind: 'shift', time: at(1, 50), shift: 1, title: 'version 2 of the workflow, wrong by its code', change: ['charge waits payments.timeoutSeconds for the bank -> that many milliseconds'] },
  { kind: 'shifting', time: at(1, 50, 5), state: 'waiting', percent: 0, by: 'controller', text: 'from version 1 to version 2', canary: { version: '2', started: 0, failed: 0 }, control: { version: '1', started: 0, failed: 0 } },
  { kind: 'shifting', time: at(1, 50, 5), state: 'claimed', percent: 0, by: 'controller', text: 'deployments of configuration are refused until it is over', canary: { version: '2', started: 0, failed: 0 }, control: { version: '1', started: 0, failed: 0 } },
  { kind: 'shifting', time: at(1, 50, 35), state: 'growing', percent: 10, by: 'controller', text: 'begins', canary: { version: '2', started: 0, failed: 0 }, control: { version: '1', started: 15, failed: 0 } },
  { kind: 'alarm', time: at(1, 54, 20), name: 'orders-production', state: 'ALARM' },
  { kind: 'shifting', time: at(1, 54, 35), state: 'returning', percent: 0, by: 'judge', text: HARM, canary: { version: '2', started: 12, failed: 12 }, control: { version: '1', started: 110, failed: 0 } },
  { kind: 'shifting', time: at(1, 55, 5), state: 'rolled-back', percent: 0, by: 'judge', text: HARM, canary: { version: '2', started: 12, failed: 12 }, control: { version: '1', started: 125, failed: 0 } },
];

/** How the story of rehearsals ends when it ends as promised. */
export const KEPT: Rehearsed = {
  releases: [
    { epoch: { version: '1', digest: FIRST }, state: 'COMPLETE', decidedBy: 'AppConfig', pinned: 510, failed: 0, virtualMinutes: 0 },
    { epoch: { version: '2', digest: FIRST }, state: 'COMPLETE', decidedBy: 'AppConfig', pinned: 1435, failed: 0, virtualMinutes: 30.1 },
    { epoch: { version: '3', digest: WRONG }, state: 'ROLLED_BACK', decidedBy: 'monitor', pinned: 6, failed: 6, virtualMinutes: 6.1 },
    { epoch: { version: '4', digest: LATE }, state: 'REVERTED', decidedBy: 'roll-back', pinned: 2489, failed: 44, virtualMinutes: 85 },
  ],
  refused: [{ path: 'git', code: 'SLUICE-DOC-10', message: 'SLUICE-DOC-10: …' }, { path: 'console', code: 'BadRequestException', message: '…' }],
  shifts: [{ from: '1', to: '2', state: 'rolled-back', decidedBy: 'judge', started: 12, failed: 12, virtualMinutes: 5.1 }],
  executions: { total: 4440, succeeded: 4378, failed: 62, mixed: 0 },
  seed: 'sluice',
  history: '5e7566744a2477f1d299fb6874f3223eeac9cb13e716395a114da550328baed8',
  virtualSeconds: 8985,
};

/** Everything a demo tells its view. */
export const EVENTS: readonly Event[] = [
  { kind: 'opening', unpinned: false },
  ...SCENES.map((scene): Event => ({ kind: 'scene', scene })),
  { kind: 'finished', result: KEPT, wallSeconds: 13.37, unpinned: false, again: 'sluice demo' },
];
