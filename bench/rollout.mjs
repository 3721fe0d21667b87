// A rollout of thirty minutes under 10 executions a second, each of three warm Lambda tasks: wall time on this machine.
import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateHostedConfigurationVersionCommand, GetDeploymentCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { inProcess, startEngine, zip } from 'sluice-engine';
import { row } from './figures.mjs';

const MINUTES = 30;
const PER_SECOND = 10;
const TARGET_SECONDS = 60;
const ROLE = 'arn:aws:iam::000000000000:role/bench';

export async function rollout() {
  const engine = await startEngine({ clock: 'virtual', port: false, seed: 'bench' });
  const client = (Client) => new Client({ region: engine.region, credentials: { accessKeyId: 'AKIDBENCH', secretAccessKey: 'bench' }, requestHandler: inProcess((request) => engine.dispatch(request)) });
  const [appconfig, lambda, states] = [client(AppConfigClient), client(LambdaClient), client(SFNClient)];

  const arns = [];
  for (const name of ['one', 'two', 'three']) {
    const code = Buffer.from(`export const handler = async (event) => ({ ...event, ${name}: true });`);
    const made = await lambda.send(new CreateFunctionCommand({ FunctionName: name, Runtime: 'nodejs22.x', Handler: 'index.handler', Role: ROLE, Code: { ZipFile: zip({ 'index.mjs': code }) }, Publish: true }));
    arns.push(made.FunctionArn);
  }
  const task = (Resource, Next) => ({ Type: 'Task', Resource, ...(Next ? { Next } : { End: true }) });
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand({
    name: 'bench', roleArn: ROLE, definition: JSON.stringify({ StartAt: 'One', States: { One: task(arns[0], 'Two'), Two: task(arns[1], 'Three'), Three: task(arns[2]) } }),
  }));
  const { Id: ApplicationId } = await appconfig.send(new CreateApplicationCommand({ Name: 'bench' }));
  const { Id: EnvironmentId } = await appconfig.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'bench' }));
  const { Id: ConfigurationProfileId } = await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'bench', LocationUri: 'hosted' }));
  await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: Buffer.from('{}'), ContentType: 'application/json' }));
  await appconfig.send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: '1', DeploymentStrategyId: 'AppConfig.Canary10Percent20Minutes' }));

  const begun = performance.now();
  let started = 0;
  let ended = 0;
  engine.history.listen(({ kind }) => { if (kind === 'states:execution') ended += 1; });
  const input = JSON.stringify({ order: 1 });
  await engine.drive(async (driver) => {
    for (; started < MINUTES * 60 * PER_SECOND; started += 1) {
      const body = Buffer.from(JSON.stringify({ stateMachineArn, name: `execution-${started}`, input }));
      const answer = await driver.park(() => engine.dispatch({ method: 'POST', path: '/', query: new URLSearchParams(), headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' }, body }));
      if (answer.status !== 200) throw new Error(Buffer.from(answer.body).toString());
      await driver.sleep(1000 / PER_SECOND);
    }
    await driver.sleep(60_000);
  });
  const seconds = (performance.now() - begun) / 1000;
  const { State } = await appconfig.send(new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: 1 }));
  await engine.close();
  if (State !== 'COMPLETE' || ended !== started) throw new Error(`the rollout is ${State}, ${ended} of ${started} executions ended`);
  console.log(`A rollout of ${MINUTES} minutes, ${started} executions of three Lambda tasks`);
  row('wall time', `${seconds.toFixed(1)} s`, `${(MINUTES * 60 / seconds).toFixed(0)} x`, `target ${TARGET_SECONDS} s: ${seconds <= TARGET_SECONDS ? 'met' : 'MISSED'}`);
  row('per execution', `${(seconds * 1e6 / started).toFixed(0)} us`, '', `peak memory ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`);
  return seconds <= TARGET_SECONDS;
}
