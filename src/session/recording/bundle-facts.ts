/** The version of the form of a bundle. */
export const bundleFormat = 1;

/** What lies where in a bundle. */
export const bundlePlaces = {
  facts: 'bundle.json',
  readme: 'README.md',
  card: 'card.md',
  /** The files of a recording, as a recorder writes them. */
  recording: 'recording',
  /** A folder for each pod, named by its uid, as a spool has it; beside it POD.log, which is text. */
  logs: 'logs',
  manifests: 'manifests',
  /** The answers of Flink's REST endpoint, at their paths. */
  rest: 'rest',
} as const;

/** How the recording is called among what is inside, and what was left out. */
export const recordingWord = 'Recording';

/** Why something is not in a bundle. `none`: there is no such thing, so that nothing is missing. */
export type LeftOutBecause = 'no-rights' | 'away' | 'timed-out' | 'none' | 'failed';

export interface LeftOut {
  readonly what: string;
  readonly because: LeftOutBecause;
  /** A sentence. */
  readonly reason: string;
}

export interface BundledFile {
  readonly path: string;
  readonly bytes: number;
  readonly what: string;
}

/** What `bundle.json` says. Moments are ISO 8601 in UTC. */
export interface BundleFacts {
  readonly format: typeof bundleFormat;
  readonly drey: string;
  readonly clusterId: string;
  readonly namespace: string;
  /** Null: Flink did not say. */
  readonly flinkVersion: string | null;
  readonly kubernetesVersion: string | null;
  readonly madeAt: string;
  /** What the recording and the logs cover. */
  readonly from: string;
  readonly to: string;
  /** The names of the Secrets that the pods use; what is in them was not read. */
  readonly secrets: readonly string[];
  readonly inside: readonly BundledFile[];
  readonly leftOut: readonly LeftOut[];
}
