/** Errors of people who build stacks: refused when the app is synthesised, before anything is deployed. */
export const BUILDING = {
  'SLUICE-CDK-1': {
    message: '{at}: {field} is a token, which is known only when the stack is deployed',
    remedy: 'give it as text: functions find their configuration by name, since ids in their variables would make a cycle',
  },
  'SLUICE-CDK-2': {
    message: '{field} must match {pattern}, got {got}',
    remedy: 'choose another name; AppConfig takes no other',
  },
  'SLUICE-CDK-3': {
    message: 'the built handler {name} is not at {path}',
    remedy: 'install the package sluice whole, where the app runs: a bundle of your CDK app holds no handlers',
  },
  'SLUICE-CDK-4': {
    message: '{count} problems in {directory}: {problems}',
    remedy: 'correct each; nothing was synthesised',
  },
  'SLUICE-CDK-5': {
    message: '{function} cannot be given variables and layers',
    remedy: 'pass the lambda.Function itself, not a version, an alias or an imported one',
  },
  'SLUICE-CDK-6': {
    message: '{arn} is not a version of the AppConfig agent for {architecture}',
    remedy: 'use AgentLayer.latest(), or an ARN from the page "AWS AppConfig Agent Lambda extension versions"',
  },
  'SLUICE-CDK-7': {
    message: '{arn} ignores Entity-Id, as all versions up to {most} in {region} do',
    remedy: 'use AgentLayer.latest(), or a newer version: exposure must count executions, not warm sandboxes',
  },
  'SLUICE-CDK-8': {
    message: 'the alarm {alarm} treats missing data as breaching',
    remedy: 'set treatMissingData to NOT_BREACHING: a guard that rings when nothing runs takes the first deployment back',
  },
  'SLUICE-CDK-9': {
    message: '{environment} would depend on itself: {cycle}',
    remedy: 'let functions that its guards watch or its workflows run depend on nothing of the environment: addReader() gives them names, not ids',
  },
  'SLUICE-CDK-10': {
    message: 'the task {state} would run without a pin, since {by} drops it',
    remedy: 'give {by} a resultPath below $, leave its outputPath alone, and carry pin.$ in the itemSelector of a Map',
  },
  'SLUICE-CDK-11': {
    message: 'the environment {environment} is there twice',
    remedy: 'give each environment of a configuration a name of its own',
  },
  'SLUICE-CDK-12': {
    message: 'reading {environment} can be granted to IAM roles only',
    remedy: 'pass a role, or something that has one',
  },
  'SLUICE-CDK-13': {
    message: '{workflow} is an express workflow, whose ends Step Functions tells nobody, so that no release could be judged by them',
    remedy: 'make it a standard one; or wrap it: let a standard Workflow start the express one and wait for it',
  },
  'SLUICE-CDK-14': {
    message: 'the documents of {environment} come from {got}',
    remedy: 'give the configuration either `project`, the directory of sluice.yaml, or `directory`, that of the documents themselves',
  },
  'SLUICE-CDK-15': {
    message: 'sluice.yaml has no environment {got} of {application}, but {names}',
    remedy: '{remedy}',
  },
  'SLUICE-CDK-16': {
    message: '{directory} is of the project {project}, and has the folder {folder} beside documents',
    remedy: 'give the configuration `project` in place of `directory`: it knows which overlays are of which environment',
  },
  'SLUICE-CDK-17': {
    message: '{workflow} is to move its executions at safe points, and its definition has none',
    remedy: 'put a SafePoint where an execution may take another configuration; or choose OnRolledBack.finish() or OnRolledBack.fail()',
  },
  'SLUICE-CDK-18': {
    message: 'the safe point {state} moves nobody: {why}',
    remedy: 'put safe points into the outermost states of a workflow with onRolledBack: OnRolledBack.moveAtSafePoints(), or fail()',
  },
  'SLUICE-CDK-19': {
    message: '{workflow} carries its parent\'s pin, and that one says what becomes of both when its epoch is rolled back',
    remedy: 'give onRolledBack to the parent',
  },
  'SLUICE-CDK-20': {
    message: 'runsWith has {got}, which {problem}',
    remedy: 'name by document the files of its JSON Schemas or their digests, epochs by their digests (sha256:<hex>), or the number of a version',
  },
  'SLUICE-CDK-21': {
    message: '{workflow} declares what it runs with, and the gate of {environment} is not of this app, so nothing could keep it',
    remedy: 'declare the workflow in the app that has the environment, or leave out `runsWith`',
  },
  'SLUICE-CDK-22': {
    message: '{count} workflows declare what they run with in {environment}, by names of {characters} characters together; its gate can ask {most}, of {longest} characters',
    remedy: 'leave out `runsWith` where a workflow runs with any configuration, give workflows a shorter `stateMachineName`, or some of them a configuration of their own',
  },
} as const;
