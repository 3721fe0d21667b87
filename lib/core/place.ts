/** Where an epoch is rolled out, by AppConfig's names. */
export interface PlaceNames {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** Where an epoch is rolled out, by AppConfig's ids. */
export interface PlaceIds {
  readonly applicationId: string;
  readonly environmentId: string;
}
