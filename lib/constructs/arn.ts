import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The ARN of something of AppConfig below its application: `<id>/environment/<id>`. */
export function appConfigArn(scope: Construct, path: string): string {
  return Stack.of(scope).formatArn({ service: 'appconfig', resource: 'application', resourceName: path });
}
