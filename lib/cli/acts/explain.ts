import { arnOfCaller } from '../../adapters/caller/identity.ts';
import { AppConfigPlane, AppConfigSight, type Place } from '../../adapters/plane/index.ts';
import { S3Store } from '../../adapters/store/s3.ts';
import { verdictsOn } from '../../adapters/verdicts.ts';
import { fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { judgedAgain } from '../../core/judged.ts';
import type { ExitCode } from '../command.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { nameOf, spotOf } from '../spots.ts';

/** Shows why the judge let a deployment go on, or took it back. */
export async function explain(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [text = ''] = given.positionals;
  const deployment = Number(text);
  if (!Number.isSafeInteger(deployment) || deployment < 1) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: 'deployment', expected: 'the number of a deployment', got: text, command: 'sluice explain' });
  const { bucket, place, ...options } = await storeOf(given);
  const store = await S3Store.open(bucket, options);
  const verdicts = await verdictsOn(store, deployment, place).finally(() => { store.close(); });
  const differences = given.flag('replay') ? judgedAgain(verdicts.last) : undefined;
  tell({ kind: 'explained', ...verdicts, svg: given.flag('svg'), ...(differences === undefined ? {} : { differences }) });
  return differences === undefined || differences.length === 0 ? 0 : 1;
}

/** The bucket that is named, or the environment and its bucket. @throws Fault `SLUICE-RELEASE-6` when it has none, and whatever names of places may be wrong. */
async function storeOf(given: Given): Promise<{ readonly bucket: string; readonly place?: Place; readonly region?: string }> {
  const named = given.text('store') ?? process.env['SLUICE_STORE'];
  if (named !== undefined && named !== '') return { bucket: named };
  const spot = await spotOf(given, given.text('env'));
  const region = spot.region === undefined ? {} : { region: spot.region };
  const [plane, sight] = await Promise.all([AppConfigPlane.open(region), AppConfigSight.open(region)]);
  try {
    const place = await plane.find(spot);
    const bucket = await sight.store(place, () => arnOfCaller(region));
    if (bucket === undefined) throw fault(RELEASING, 'SLUICE-RELEASE-6', { place: nameOf(spot), profile: spot.profile });
    return { bucket, place, ...region };
  } finally {
    plane.close();
    sight.close();
  }
}
