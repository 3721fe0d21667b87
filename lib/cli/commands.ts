import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { adopt, drift } from './drifting.ts';
import { explain } from './explain.ts';
import { init } from './init.ts';
import { blame, diff, history, show } from './looking.ts';
import { override } from './override.ts';
import { plan } from './plan.ts';
import { release } from './release.ts';
import { shadow } from './shadow.ts';
import { shift } from './shift.ts';
import { status } from './status.ts';
import { approve, revert, rollBack } from './undoing.ts';
import { types } from './types.ts';
import { up } from './up.ts';
import { validate } from './validate.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  demo, up, init, validate, types, plan, approve, release, status, history, show, explain, shadow, diff, blame, override, rollBack, revert, shift, drift, adopt, doctor, completion,
];
