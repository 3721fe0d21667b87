import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { appConfigArn } from './arn.ts';
import { Handler } from './handler.ts';

/** What a validator reads. */
export interface ValidatorProps {
  readonly applicationId: string;
  readonly store: IBucket;
  readonly encryptionKey?: IKey;
}

/** The LAMBDA validator of a profile, which AppConfig may call for this application only. */
export class Validator extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { applicationId, store, encryptionKey }: ValidatorProps) {
    super(scope, id);
    this.handler = new Handler(this, 'Handler', {
      handler: 'validate',
      description: 'Validates the documents of an epoch by their schemas',
      environment: { SLUICE_STORE: store.bucketName },
      timeout: Duration.seconds(15), memorySize: 1024,
      permits: [
        { actions: ['s3:GetObject'], on: [store.arnForObjects('schemas/*')], wildcard: 'Schemas are named by their digest, which no stack knows.' },
        // Without it S3 answers 403 for a schema that is not there, and the refusal would speak of rights instead.
        { actions: ['s3:ListBucket'], on: [store.bucketArn] },
        ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt'], on: [encryptionKey.keyArn] }]),
      ],
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction', functionName: this.handler.function.functionArn, principal: 'appconfig.amazonaws.com',
      sourceAccount: Stack.of(this).account, sourceArn: appConfigArn(this, `${applicationId}/*`),
    });
  }
}
