import { ofCaller, ofPlace } from '../../core/checkup/checkup.ts';
import { VERSION } from '../../core/version.ts';
import type { ExitCode } from '../command.ts';
import type { Event } from '../event.ts';
import { callerOf, examined, type Examined } from '../examination.ts';
import type { Given } from '../option.ts';
import { spotsOf } from '../spots.ts';

/** Looks for what is missing or broken; nothing is changed. */
export async function doctor(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const spots = await spotsOf(given);
  const caller = await callerOf();
  // Without credentials there is nothing to be seen.
  const places: readonly Examined[] = 'hidden' in caller ? [] : await Promise.all(spots.map((spot) => examined(spot, caller.seen)));
  const aheadMs = places.find((one) => one.aheadMs !== undefined)?.aheadMs;
  const sections = [
    { findings: ofCaller({ version: VERSION, node: process.versions.node, caller, ...(aheadMs === undefined ? {} : { aheadMs }) }) },
    ...places.map(({ facts }) => ({ place: facts.place, findings: ofPlace(facts, VERSION), ...(facts.more?.commands === undefined ? {} : { commands: facts.more.commands }) })),
  ];
  tell({ kind: 'report', report: { kind: 'examined', sections } });
  return sections.some(({ findings }) => findings.some(({ level }) => level === 'fail')) ? 1 : 0;
}
