import type { House, TopicAttribute, TopicMessage } from '../ports.ts';

/** A message on its way to one subscriber. */
export interface Delivery extends TopicMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly published: number;
  readonly subscriptionArn: string;
}

/** What SNS invokes a function with, as JSON text ("Using Lambda with Amazon SNS"). Nobody signs it: the signature reads EXAMPLE. */
export function notification({ region }: House, { id, published, subscriptionArn, topicArn, text, subject, lambdaText, attributes = {} }: Delivery): string {
  const host = `https://sns.${region}.amazonaws.com`;
  return JSON.stringify({
    Records: [{
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscriptionArn,
      Sns: {
        Type: 'Notification',
        MessageId: id,
        TopicArn: topicArn,
        Subject: subject ?? null,
        Message: lambdaText ?? text,
        Timestamp: new Date(published).toISOString(),
        SignatureVersion: '1',
        Signature: 'EXAMPLE',
        SigningCertUrl: `${host}/SimpleNotificationService-EXAMPLE.pem`,
        UnsubscribeUrl: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
        MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, { Type: attribute.DataType, Value: valueOf(attribute) }])),
      },
    }],
  });
}

function valueOf({ StringValue, BinaryValue }: TopicAttribute): string {
  return BinaryValue ? Buffer.from(BinaryValue).toString('base64') : StringValue ?? '';
}
