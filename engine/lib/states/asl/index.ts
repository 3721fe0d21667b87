export * from './cancellation.ts';
export { execute } from './execution.ts';
export { refusedFeatures } from './features.ts';
export { describeLocation, findJsonFault, type JsonFault } from './json-fault.ts';
export { invokeLambdaTask, type Invoke } from './lambda.ts';
export { compile, type Machine } from './machine.ts';
export type * from './port.ts';
export { variableReferences } from './references.ts';
export { invalidDefinitionMessage, validateDefinition } from './validation/definition.ts';
