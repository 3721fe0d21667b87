export { AppConfigPlane, type Place } from './appconfig.ts';
