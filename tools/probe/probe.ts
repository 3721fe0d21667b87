import type { Stage } from './stage.ts';

/** One question to AWS. */
export interface Probe {
  /** As records and `--only` name it. */
  readonly name: string;
  readonly question: string;
  /** About how long it takes on AWS. */
  readonly minutes: number;
  /** What it creates in its scratch application, for the plan. */
  readonly creates: string;
  /** Answers the facts; their shape is that of schemas/probe.schema.json. May leave everything behind: the stage is swept. */
  readonly run: (stage: Stage) => Promise<Readonly<Record<string, unknown>>>;
}
