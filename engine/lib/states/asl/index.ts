export * from './cancellation.ts';
export { execute } from './execution.ts';
export { refusedFeatures } from './features.ts';
export { invokeLambdaTask, type Invoke } from './lambda.ts';
export { compile, type Machine } from './machine.ts';
export type * from './port.ts';
export { validateDefinition } from './validation.ts';
