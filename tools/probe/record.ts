/** What became of one probe. */
export type Outcome =
  | { readonly question: string; readonly outcome: 'recorded'; readonly seconds: number; readonly facts: Readonly<Record<string, unknown>> }
  /** The target does not have what the probe asks about. */
  | { readonly question: string; readonly outcome: 'unsupported'; readonly seconds: number; readonly problem: string }
  | { readonly question: string; readonly outcome: 'failed'; readonly seconds: number; readonly problem: string };

/** What a run writes: schemas/probe.schema.json. */
export interface ProbeRecord {
  /** The version of this format. */
  readonly sluiceProbe: 1;
  readonly target: { readonly kind: 'aws' | 'engine'; readonly region: string };
  /** RFC 3339, by the target's clock. */
  readonly recordedAt: string;
  /** By the name of the probe; one that did not run is absent. */
  readonly probes: Readonly<Record<string, Outcome>>;
}
