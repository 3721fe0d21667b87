/** A policy that cannot be taken: wrong in IAM's words, or using what the engine does not evaluate, which is said by name. */
export class MalformedPolicy extends Error {
  readonly why: 'malformed' | 'unsupported';

  constructor(message: string, why: 'malformed' | 'unsupported' = 'malformed', options?: ErrorOptions) {
    super(message, options);
    this.name = 'MalformedPolicy';
    this.why = why;
  }
}
