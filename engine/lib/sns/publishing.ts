import type { TopicAttribute } from '../ports.ts';
import { WireFault, type Service } from '../wire/index.ts';
import { invalid, unbuilt } from './refusal.ts';
import type { Topics } from './topics.ts';

interface PublishInput {
  readonly TopicArn?: string;
  readonly TargetArn?: string;
  readonly PhoneNumber?: string;
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: Readonly<Record<string, TopicAttribute>>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

const BYTES_AT_MOST = 262_144;

/** Publish, to a topic. */
export function publishing(topics: Topics): Service['operations'] {
  return {
    Publish: (input: PublishInput) => {
      const { Message, Subject, MessageAttributes: attributes = {} } = input;
      const topicArn = topicOf(input);
      if (Message === '') throw invalid('Empty message');
      if (Buffer.byteLength(Message) > BYTES_AT_MOST) throw invalid('Message too long');
      if (Subject !== undefined && !/^(?=.{1,100}$)[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/.test(Subject)) throw invalid('Subject');
      for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
      return { MessageId: topics.send({ topicArn, ...textsOf(input), attributes, ...(Subject !== undefined && { subject: Subject }) }) };
    },
  };
}

function topicOf({ TopicArn, TargetArn, PhoneNumber, MessageGroupId, MessageDeduplicationId }: PublishInput): string {
  if (PhoneNumber !== undefined) throw unbuilt('messages to phones');
  if (MessageGroupId !== undefined || MessageDeduplicationId !== undefined) throw unbuilt('MessageGroupId and MessageDeduplicationId');
  const arn = TopicArn ?? TargetArn;
  if (arn === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
  return arn;
}

/** What is said to everybody, and what to functions instead. */
function textsOf({ Message, MessageStructure }: PublishInput): { readonly text: string; readonly lambdaText?: string } {
  if (MessageStructure === undefined) return { text: Message };
  if (MessageStructure !== 'json') throw invalid('MessageStructure');
  const texts = parsed(Message);
  if (texts?.['default'] === undefined) throw invalid(texts ? 'Message Structure - No default entry in JSON message body' : 'Message Structure - JSON message body failed to parse');
  const { default: text, lambda } = texts;
  return { text: String(text), ...(lambda !== undefined && { lambdaText: String(lambda) }) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    return undefined;
  }
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: TopicAttribute): void {
  const refusal = (why: string): WireFault => new WireFault({ code: 'InvalidParameterValueException', status: 400, message: `The message attribute '${name}' ${why}` });
  if (!/^(String|Number|Binary)(\.|$)/.test(DataType)) throw refusal('has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.');
  const binary = DataType.startsWith('Binary');
  if ((binary ? BinaryValue?.length ?? 0 : StringValue?.length ?? 0) === 0) throw refusal(`must contain non-empty message attribute value for message attribute type '${binary ? 'Binary' : DataType.startsWith('Number') ? 'Number' : 'String'}'.`);
}
