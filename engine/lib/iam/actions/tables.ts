import type { AppConfigState } from '../../appconfig/state.ts';
import type { Keys } from '../../kms/keys.ts';
import type { House } from '../../ports.ts';
import type { Objects } from '../../s3/objects.ts';
import type { Topics } from '../../sns/topics.ts';
import type { Directory } from '../directory.ts';
import { cloudFormationActions, iamActions, ssmActions, stsActions } from './account.ts';
import { appConfigActions, appConfigDataActions } from './appconfig.ts';
import { kmsActions } from './kms.ts';
import { lambdaActions } from './lambda.ts';
import { cloudWatchActions, eventsActions, logsActions } from './observation.ts';
import { s3Actions } from './s3.ts';
import { snsActions } from './sns.ts';
import { statesActions } from './states.ts';
import type { ActionTable } from './table.ts';

/** The table of every service, by the model's name. */
export function actionTables(house: House, rooms: { readonly appConfig: AppConfigState; readonly directory: Directory; readonly keys: Keys; readonly objects: Objects; readonly topics: Topics }): Readonly<Record<string, ActionTable>> {
  const appConfig = { state: rooms.appConfig, keys: rooms.keys };
  return {
    appconfig: appConfigActions(house, appConfig),
    appconfigdata: appConfigDataActions(house, appConfig),
    cloudformation: cloudFormationActions(house),
    cloudwatch: cloudWatchActions(house),
    'cloudwatch-logs': logsActions(house),
    eventbridge: eventsActions(house),
    iam: iamActions(house, rooms.directory),
    kms: kmsActions(house, rooms.keys),
    lambda: lambdaActions(house),
    s3: s3Actions(house, rooms),
    sfn: statesActions(house),
    sns: snsActions(house, rooms),
    ssm: ssmActions(house),
    sts: stsActions(house),
  };
}
