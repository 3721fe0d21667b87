import { Duration } from 'aws-cdk-lib';
import type { Policy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Handler } from './handler.ts';
import { permit } from './permit.ts';
import type { Place } from './place.ts';
import { addReader, rolledBackPermit } from './reading.ts';

/** The handler that draws the pin of each execution, with the agent beside it. */
export class PinHandler extends Handler {
  /** What it reads with. */
  readonly reading: Policy;
  readonly #place: Place;
  #seeing: Policy | undefined;

  constructor(scope: Construct, id: string, place: Place) {
    super(scope, id, {
      handler: 'pin',
      description: `Draws the pins of executions in ${place.applicationName}/${place.environmentName}`,
      environment: {}, timeout: Duration.seconds(10), memorySize: 512, permits: [],
    });
    this.#place = place;
    this.reading = addReader(place, this.function, { sources: ['agent'] });
  }

  /** Lets it see in the store which epochs were rolled back: for workflows that are not to finish on those. */
  seeRolledBack(): Policy {
    if (this.#seeing === undefined) this.function.addEnvironment('SLUICE_STORE', this.#place.store.bucketName);
    return (this.#seeing ??= permit(this, 'SeeRolledBack', this.role, [rolledBackPermit(this.#place)]));
  }
}
