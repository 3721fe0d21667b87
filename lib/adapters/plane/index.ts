export { AppConfigPlane, type Place } from './appconfig.ts';
export { AppConfigSight, STORE_TAG, type DeploymentDetail, type DeploymentLine } from './sight.ts';
