const RETRY = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2, MaxDelaySeconds: 60 }];

/**
 * The controller's state machine: finds the version the stack wants, then looks at the alias, asks the function, does what it answers and
 * waits, until the shift is over. The record in the store holds all that lasts, so that any execution can go on with it.
 */
export function controllerDefinition(partition: string, functionArn: string, aliasArn: string): object {
  const api = (action: string): object => ({ Type: 'Task', Resource: `arn:${partition}:states:::aws-sdk:${action}`, Retry: RETRY });
  return {
    Comment: 'Shifts a workflow to its new version, step by step, and back where it does harm',
    StartAt: 'Begin',
    States: {
      // An execution that goes on for another one waits, so that one that fails at once is not followed by many.
      Begin: { Type: 'Choice', Choices: [{ Variable: '$.again', IsPresent: true, Next: 'Pause' }], Default: 'Wanted' },
      Pause: { Type: 'Wait', Seconds: 60, Next: 'Wanted' },
      Wanted: {
        ...api('cloudformation:describeStackResource'), Parameters: { 'StackName.$': '$.version.stack', 'LogicalResourceId.$': '$.version.logicalId' },
        ResultSelector: { 'arn.$': '$.StackResourceDetail.PhysicalResourceId' }, ResultPath: '$.wanted', Next: 'Look',
      },
      Look: {
        ...api('sfn:describeStateMachineAlias'), Parameters: { 'StateMachineAliasArn.$': '$.of.aliasArn' },
        ResultSelector: { 'routes.$': '$.RoutingConfiguration' }, ResultPath: '$.seen', Next: 'Decide',
      },
      Decide: {
        Type: 'Task', Resource: functionArn, Retry: RETRY, ResultPath: '$.next', Next: 'Next',
        Parameters: { 'of.$': '$.of', 'wanted.$': '$.wanted.arn', 'routes.$': '$.seen.routes', 'refused.$': '$.refused', 'execution.$': '$$.Execution.Id', 'executionStarted.$': '$$.Execution.StartTime' },
      },
      Next: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.next.do', StringEquals: 'move', Next: 'Move' },
          { Variable: '$.next.do', StringEquals: 'wait', Next: 'Rest' },
          { Variable: '$.next.do', StringEquals: 'again', Next: 'Again' },
        ],
        Default: 'Over',
      },
      Move: {
        ...api('sfn:updateStateMachineAlias'), Parameters: { 'StateMachineAliasArn.$': '$.of.aliasArn', 'RoutingConfiguration.$': '$.next.routes' },
        // What could not be moved is seen at the next look, half a minute later, told, and moved then.
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.refused', Next: 'Rest' }], ResultSelector: {}, ResultPath: '$.refused', Next: 'Rest',
      },
      Rest: { Type: 'Wait', SecondsPath: '$.next.seconds', Next: 'Look' },
      Again: {
        Type: 'Task', Resource: `arn:${partition}:states:::states:startExecution`, Retry: RETRY, End: true,
        Parameters: { StateMachineArn: aliasArn, Input: { 'of.$': '$.of', 'version.$': '$.version', 'refused.$': '$.refused', 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id' } },
      },
      Over: { Type: 'Succeed' },
    },
  };
}
