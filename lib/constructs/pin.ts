import { Duration } from 'aws-cdk-lib';
import type { Policy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { Place } from './place.ts';
import { addReader } from './reading.ts';

/** The handler that draws the pin of each execution, with the agent beside it. */
export class PinHandler extends Handler {
  /** What it reads with. */
  readonly reading: Policy;

  constructor(scope: Construct, id: string, place: Place) {
    super(scope, id, {
      handler: 'pin',
      description: `Draws the pins of executions in ${place.applicationName}/${place.environmentName}`,
      environment: {}, timeout: Duration.seconds(10), memorySize: 512, permits: [],
    });
    this.reading = addReader(place, this.function, { sources: ['agent'] });
  }
}
