import type { Engine } from '../engine.ts';
import { wireRequest, type WireResponse } from '../wire/index.ts';
import { AssemblyError, type DeployedStack } from './deployed.ts';

/** A stack to be brought about. */
export interface StackOrder {
  readonly name: string;
  readonly templateUrl: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';
/** The version of the bootstrap template that aws-cdk 2.1148 brings. */
const BOOTSTRAP_VERSION = '33';
const ENDED = /_(COMPLETE|FAILED)$/;

/** The few calls to an engine that a deployment takes, through its own door and without an SDK. */
export class EngineCaller {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** A text of an assembly with the engine's account, region and partition in the place of their placeholders. */
  placed(text: string): string {
    const { account, region } = this.#engine;
    return text.replaceAll('${AWS::AccountId}', account).replaceAll('${AWS::Region}', region).replaceAll('${AWS::Partition}', 'aws');
  }

  /** Makes the bucket and the parameter that templates of the CDK count on, if they are not there; answers the bucket's name. */
  async bootstrap(): Promise<string> {
    const bucket = this.placed('cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}');
    const region = this.#engine.region;
    const location = region === 'us-east-1' ? '' : `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
    if ((await this.#send('s3', 'HEAD', `/${bucket}`)).status === 404) await this.#sure(this.#send('s3', 'PUT', `/${bucket}`, Buffer.from(location)));
    const ssm = (operation: string, input: object): Promise<WireResponse> => this.#send('ssm', 'POST', '/', Buffer.from(JSON.stringify(input)), { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` });
    if ((await ssm('GetParameter', { Name: BOOTSTRAP })).status !== 200) await this.#sure(ssm('PutParameter', { Name: BOOTSTRAP, Type: 'String', Value: BOOTSTRAP_VERSION }));
    return bucket;
  }

  async putObject(bucket: string, key: string, bytes: Uint8Array): Promise<void> {
    await this.#sure(this.#send('s3', 'PUT', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`, bytes));
  }

  /** Creates or updates a stack and waits until it is over; a stack whose creation was rolled back is deleted first, as `cdk` does. */
  async deploy(order: StackOrder): Promise<DeployedStack> {
    const before = await this.#status(order.name);
    if (before !== undefined && /^(ROLLBACK_|REVIEW_)/.test(before)) await this.#settled(order.name, () => this.#stackCall('DeleteStack', { StackName: order.name }));
    const exists = before !== undefined && (await this.#status(order.name)) !== undefined;
    const operation = exists ? 'UpdateStack' : 'CreateStack';
    const input = { StackName: order.name, TemplateURL: order.templateUrl, ...numbered('Capabilities.member', ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']), ...pairs('Tags.member', 'Key', 'Value', order.tags), ...pairs('Parameters.member', 'ParameterKey', 'ParameterValue', order.parameters) };
    await this.#settled(order.name, async () => {
      const answer = await this.#stackCall(operation, input);
      if (answer.status === 200) return answer;
      const message = textIn(answer.body, 'Message');
      if (message === 'No updates are to be performed.') return undefined;
      throw new AssemblyError('ENGINE-ASSEMBLY-7', order.name, `the stack ${order.name} was refused: ${message}`);
    });
    return this.#described(order.name);
  }

  async #described(name: string): Promise<DeployedStack> {
    const { body } = await this.#stackCall('DescribeStacks', { StackName: name });
    const status = textIn(body, 'StackStatus');
    if (!/^(CREATE|UPDATE)_COMPLETE$/.test(status)) throw new AssemblyError('ENGINE-ASSEMBLY-8', name, `the stack ${name} ended as ${status}: ${(await this.#failures(name)) || textIn(body, 'StackStatusReason')}`);
    const { body: list } = await this.#stackCall('DescribeStackResources', { StackName: name });
    return {
      name, status,
      id: textIn(body, 'StackId'),
      outputs: Object.fromEntries(membersIn(body, 'Outputs').map((output) => [textIn(output, 'OutputKey'), textIn(output, 'OutputValue')])),
      resources: Object.fromEntries(membersIn(list, 'StackResources').map((resource) => [textIn(resource, 'LogicalResourceId'), textIn(resource, 'PhysicalResourceId')])),
    };
  }

  /** What went wrong, resource by resource, in the last operation. */
  async #failures(name: string): Promise<string> {
    const { body } = await this.#stackCall('DescribeStackEvents', { StackName: name });
    const events = membersIn(body, 'StackEvents');
    const last = textIn(events[0] ?? '', 'OperationId');
    const failed = events.filter((event) => textIn(event, 'OperationId') === last && textIn(event, 'LogicalResourceId') !== name && textIn(event, 'ResourceStatus').endsWith('_FAILED') && !textIn(event, 'ResourceStatusReason').endsWith('cancelled'));
    return failed.reverse().map((event) => `${textIn(event, 'LogicalResourceId')} (${textIn(event, 'ResourceType')}): ${textIn(event, 'ResourceStatusReason')}`).join('; ');
  }

  async #status(name: string): Promise<string | undefined> {
    const { status, body } = await this.#stackCall('DescribeStacks', { StackName: name });
    return status === 200 ? textIn(body, 'StackStatus') : undefined;
  }

  /** Begins an operation and waits for its end, which the history tells. */
  async #settled(name: string, begin: () => Promise<WireResponse | undefined>): Promise<void> {
    let listening = true;
    const over = new Promise<void>((resolve) => {
      this.#engine.history.listen(({ kind, subject, detail }) => {
        if (listening && kind === 'cloudformation:stack' && subject === name && ENDED.test(String(detail['status']))) resolve();
      });
    });
    try {
      if (await begin()) await over;
    } finally {
      listening = false;
    }
  }

  #stackCall(operation: string, input: Readonly<Record<string, string>>): Promise<WireResponse> {
    const form = new URLSearchParams({ Action: operation, Version: '2010-05-15', ...input });
    return this.#send('cloudformation', 'POST', '/', Buffer.from(form.toString()), { 'content-type': 'application/x-www-form-urlencoded' });
  }

  #send(service: string, method: string, target: string, body: Uint8Array = new Uint8Array(0), headers: Readonly<Record<string, string>> = {}): Promise<WireResponse> {
    const authorization = `AWS4-HMAC-SHA256 Credential=ASSEMBLY/20260101/${this.#engine.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    return this.#engine.dispatch(wireRequest(method, target, { host: '127.0.0.1', authorization, ...headers }, body));
  }

  async #sure(answer: Promise<WireResponse>): Promise<void> {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`the engine refused a call of its own deployment with ${status}: ${Buffer.from(body).toString('utf8')}`);
  }
}

function numbered(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
}

function pairs(name: string, key: string, value: string, given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).flatMap(([first, second], index) => [[`${name}.${index + 1}.${key}`, first], [`${name}.${index + 1}.${value}`, second]]));
}

/** The text of the first element of a name, in XML that the engine itself wrote. */
function textIn(xml: Uint8Array | string, name: string): string {
  const text = typeof xml === 'string' ? xml : Buffer.from(xml).toString('utf8');
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  return found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

function membersIn(xml: Uint8Array, name: string): string[] {
  const text = Buffer.from(xml).toString('utf8');
  const list = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? '';
  return list.split('<member>').slice(1);
}
