import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { IConfigurationEnvironment } from './place.ts';
import { addReader } from './reading.ts';

/** The handler that draws the pin of each execution, with the agent beside it. */
export class PinHandler extends Handler {
  constructor(scope: Construct, id: string, place: IConfigurationEnvironment) {
    super(scope, id, {
      handler: 'pin',
      description: `Draws the pins of executions in ${place.applicationName}/${place.environmentName}`,
      environment: {}, timeout: Duration.seconds(10), memorySize: 512, permits: [],
    });
    addReader(place, this.function, { sources: ['agent'] });
  }
}
