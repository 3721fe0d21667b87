import type { House } from '../../ports.ts';
import { WireFault } from '../../wire/index.ts';
import { ResourceFailure, type Made, type Properties, type Provider, type ProviderCall } from '../provider.ts';
import { fieldsOf } from '../template/intrinsic.ts';

/** A request to the response URL, as a sandbox's socket carries it. */
export interface ResponseRequest {
  readonly method: string;
  readonly target: string;
  readonly body: Uint8Array;
}

interface ResponseAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Response = Readonly<Record<string, unknown>>;

const HOUR = 3600;
const RESPONSE_BYTES_AT_MOST = 4096;
const NOTHING = new Uint8Array(0);

/** Custom resources: Lambda functions that answer by a PUT to a URL that only sandboxes reach. */
export class CustomResources {
  readonly #house: House;
  readonly #waiting: Map<string, (response: Response) => void> = new Map();

  constructor(house: House) {
    this.#house = house;
  }

  /** The host of response URLs. */
  get host(): string {
    return `cloudformation-custom-resource-response-${this.#house.region.replaceAll('-', '')}.s3.amazonaws.com`;
  }

  /** Takes a response in; S3 would store whatever comes, so a late or second one is taken and forgotten. */
  answer({ method, target, body }: ResponseRequest): ResponseAnswer {
    if (method !== 'PUT') return { status: 403, headers: {}, body: NOTHING };
    const key = decodeURIComponent(target.split('?', 1)[0] ?? '').slice(1);
    const id = key.slice(key.lastIndexOf('|') + 1);
    const take = this.#waiting.get(id);
    this.#waiting.delete(id);
    take?.(read(body));
    return { status: 200, headers: { etag: '"response"' }, body: NOTHING };
  }

  /** Sends a request to the function behind the service token and waits for its response. */
  async ask(call: ProviderCall, kind: 'Create' | 'Update' | 'Delete', more: Readonly<Record<string, unknown>>): Promise<Response> {
    const { draws, kernel, ports } = this.#house;
    const RequestId = draws.uuid('cloudformation:custom-resource');
    const key = encodeURIComponent(`${call.stack.id}|${call.logicalId}|${RequestId}`);
    const seconds = Number(call.properties['ServiceTimeout'] ?? HOUR);
    const event = {
      RequestType: kind,
      ServiceToken: call.properties['ServiceToken'],
      ResponseURL: `https://${this.host}/${key}?Expires=${Math.floor(kernel.now() / 1000) + 2 * HOUR}&Signature=${draws.id('cloudformation:signature', 28)}`,
      StackId: call.stack.id, RequestId, LogicalResourceId: call.logicalId, ResourceType: call.type,
      ...more,
      ResourceProperties: texts(call.properties),
    };
    const response = new Promise<Response>((resolve) => {
      const end = (value: Response): void => {
        timer.cancel();
        this.#waiting.delete(RequestId);
        resolve(value);
      };
      const timer = kernel.at(kernel.now() + seconds * 1000, () => { end({ Silent: `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function so that CloudFormation can attach the updated version.` }); });
      call.onCancel(() => { end({ Silent: 'Resource creation cancelled' }); });
      this.#waiting.set(RequestId, end);
    });
    try {
      // With the rights of the stack's role; without one, with those of whoever asked, who may do everything here.
      const { roleArn } = call.stack;
      ports.lambda.invokeAsync({ functionArn: String(call.properties['ServiceToken']), payload: JSON.stringify(event), ...(roleArn !== undefined && { principal: 'cloudformation.amazonaws.com', roleArn }) });
    } catch (error) {
      if (error instanceof WireFault) throw new ResourceFailure(`${error.message} (Service: Lambda, Status Code: ${error.status ?? 400}, Request ID: ${RequestId})`);
      throw error;
    }
    return response;
  }

  /** The provider of a type: `AWS::CloudFormation::CustomResource` or `Custom::…`. */
  provider(type: string): Provider {
    return {
      type,
      properties: { ServiceToken: 'update', ServiceTimeout: 'update', '*': 'update' },
      required: ['ServiceToken'],
      create: async (call) => {
        checkToken(call.properties);
        // A function that never answers gets this id in its Delete request.
        const fallback = call.name(255);
        return madeOf(await this.ask(call, 'Create', {}), fallback);
      },
      update: async (call) => {
        checkToken(call.properties);
        if (call.properties['ServiceToken'] !== call.before['ServiceToken']) throw new ResourceFailure('Modifying service token is not allowed.');
        return madeOf(await this.ask(call, 'Update', { PhysicalResourceId: call.id, OldResourceProperties: texts(call.before) }), call.id);
      },
      delete: async (call) => { madeOf(await this.ask(call, 'Delete', { PhysicalResourceId: call.id }), call.id); },
    };
  }
}

function checkToken({ ServiceToken: token, ServiceTimeout: timeout }: Properties): void {
  if (typeof token !== 'string' || !/^arn:[^:]+:lambda:/.test(token)) throw new ResourceFailure(`Invalid service token ${String(token)}: sluice-engine sends custom resources' requests to Lambda functions only`);
  const seconds = Number(timeout ?? HOUR);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > HOUR) throw new ResourceFailure(`ServiceTimeout must be a whole number of seconds from 1 to ${HOUR}, got ${String(timeout)}`);
}

function read(body: Uint8Array): Response {
  if (body.length > RESPONSE_BYTES_AT_MOST) return { Silent: 'Response object is too long.' };
  try {
    return fieldsOf(JSON.parse(Buffer.from(body).toString('utf8'))) ?? { Silent: 'Invalid response object: not an object' };
  } catch (error) {
    return { Silent: `Invalid response object: ${(error as Error).message}` };
  }
}

function madeOf(response: Response, fallback: string): Made {
  const { Status, Reason, PhysicalResourceId, RequestId, Data, Silent } = response;
  const id = typeof PhysicalResourceId === 'string' && PhysicalResourceId !== '' ? PhysicalResourceId : undefined;
  const made: Made = { id: id ?? fallback, attributes: fieldsOf(Data) ?? {} };
  if (Silent !== undefined) throw new ResourceFailure(String(Silent), made);
  if (Status === 'FAILED') throw new ResourceFailure(`Received response status [FAILED] from custom resource. Message returned: ${typeof Reason === 'string' && Reason !== '' ? Reason : 'null'} (RequestId: ${String(RequestId)})`, made);
  if (Status !== 'SUCCESS') throw new ResourceFailure(`Invalid response status ${String(Status)}: SUCCESS or FAILED was expected`, made);
  if (id === undefined) throw new ResourceFailure('Invalid PhysicalResourceId', made);
  return made;
}

/** CloudFormation hands every scalar over as text. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  const fields = fieldsOf(value);
  if (fields) return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, texts(item)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
