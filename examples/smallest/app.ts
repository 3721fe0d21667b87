import { App, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Configuration, PinnedTask, Workflow } from 'sluice/constructs';

export const app: App = new App();
const stack = new Stack(app, 'Smallest');
const production = new Configuration(stack, 'greetings', { directory: 'examples/smallest/config' }).addEnvironment('production');
const greet = new Function(stack, 'Greet', { code: Code.fromAsset('dist/examples/smallest/functions/greet'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
production.addReader(greet, { sources: ['store'] });
new Workflow(stack, 'Greeting', { environment: production, definition: new PinnedTask(stack, 'Say', { lambdaFunction: greet }) });
