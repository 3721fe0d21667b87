export { Alarms } from './alarms.ts';
export { Executions } from './executions.ts';
