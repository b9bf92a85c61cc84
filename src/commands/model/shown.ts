/** The subject of `why`, if it is not the cluster. */
export type WhyAbout = { readonly kind: 'job'; readonly id: string } | { readonly kind: 'pod'; readonly name: string };

/** Panels, by the names of the screen. */
export type ShownPanel =
  | 'pods'
  | 'jobs'
  | 'operations'
  | 'timeline'
  | 'log'
  | 'text'
  | 'vertices'
  | 'graph'
  | 'flame'
  | 'methods'
  | 'checkpoints'
  | 'checkpoint-facts'
  | 'operators'
  | 'acknowledgements'
  | 'phases'
  | 'exceptions'
  | 'job-settings'
  | 'stack'
  | 'subtasks'
  | 'attempts'
  | 'subtask-figures'
  | 'subtask-metrics'
  | 'vertex-taskmanagers'
  | 'watermarks'
  | 'accumulators'
  | 'metrics'
  | 'chart'
  | 'top'
  | 'figures'
  | 'slots'
  | 'threads'
  | 'movements'
  | 'files'
  | 'settings'
  | 'templates'
  | 'incident';

/** What the user is looking at. */
export interface Shown {
  /** Keys pressed so far; a paste counts as one. */
  readonly keys: number;
  /** Where the keys go: a panel, or the command line. */
  readonly focus: ShownPanel | 'command';
  /** The subject of the open text. */
  readonly about: WhyAbout | undefined;
  /** The rows that a panel shows, without colours; empty if it is not on the screen. */
  rows(panel: ShownPanel): readonly string[];
  /** The current line of the log, with its pod and a few lines below it; undefined if there is none. */
  readonly logPlace: { readonly pod: string | undefined; readonly lines: readonly string[] } | undefined;
}

/** Calls `look` with what is shown, now and after each change, until the returned function is called. */
export type Watch = (look: (shown: Shown) => void) => () => void;
