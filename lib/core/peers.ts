import { fault, type Fault } from './fault.ts';
import { PLANNING } from './faults/planning.ts';

/** The optional peers of package.json, by the version that npm is asked for: the newest that its range lets in. A test keeps them equal. */
export const PEERS: Readonly<Record<string, string>> = {
  '@aws-sdk/client-appconfig': '3',
  '@aws-sdk/client-cloudwatch': '3',
  '@aws-sdk/client-eventbridge': '3',
  '@aws-sdk/client-iam': '3',
  '@aws-sdk/client-lambda': '3',
  '@aws-sdk/client-s3': '3',
  '@aws-sdk/client-sfn': '3',
  '@aws-sdk/client-sts': '3',
  'aws-cdk': '2',
  'aws-cdk-lib': '2',
  'constructs': '10',
  'sluice-engine': '0.1.0',
};

/** The fault `SLUICE-PEER-1` about packages that are missing, with the one command that installs them all. */
export function notInstalled(packages: readonly string[], cause?: unknown): Fault {
  const wanted = packages.map((name) => (PEERS[name] === undefined ? name : `${name}@${PEERS[name]}`));
  return fault(PLANNING, 'SLUICE-PEER-1', { packages: packages.join(', '), wanted: wanted.join(' ') }, cause);
}
