import type { Probe } from '../probe.ts';
import { alias } from './alias.ts';
import { conflicts } from './conflicts.ts';
import { createHook } from './create-hook.ts';
import { deadlines } from './deadlines.ts';
import { instant } from './instant.ts';
import { monitors } from './monitors.ts';
import { notifications } from './notifications.ts';
import { protection } from './protection.ts';
import { quotas } from './quotas.ts';
import { startHook } from './start-hook.ts';
import { sources } from './sources.ts';
import { exponential, linear } from './steps.ts';
import { stops } from './stops.ts';
import { ticks } from './ticks.ts';
import { tokens } from './tokens.ts';
import { validator } from './validator.ts';

/** All probes, in the order in which they run: the short ones first. */
export const PROBES: readonly Probe[] = [
  createHook, startHook, validator, sources, conflicts, stops, tokens, protection, quotas, alias, instant, notifications, monitors, linear, exponential, ticks, deadlines,
];
