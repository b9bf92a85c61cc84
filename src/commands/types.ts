import type { KubernetesClient } from '../kubernetes/types.ts';
import type { ClusterHandle } from '../cluster/types.ts';
import type { FlinkClient } from '../flink/types.ts';
import type { Clock } from '../support/clock.ts';
import type { Job, Operation, Pod, Session, SessionLogs, SessionStore } from '../session/types.ts';

/**
 * The catalogue's entry: all that a reader, the palette, `help`, completion, the line mode and the generated reference want to know.
 * `A` is the shape of the parsed arguments.
 */
export interface Command<A = Record<string, unknown>> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line, without a full stop. */
  readonly summary: string;
  /** More for `help NAME` and the reference; plain sentences. */
  readonly details?: string;
  readonly examples?: readonly string[];
  readonly group: 'session' | 'jobs' | 'pods' | 'view';
  readonly args: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** `safe` changes nothing on a server; `change` does; `confirm` asks first in the TUI; `destroy` wants the cluster id typed when jobs run. */
  readonly danger: 'safe' | 'change' | 'confirm' | 'destroy';
  /** Access that it needs; checked by the runner with access reviews, refused with the reason. */
  readonly access?: (session: Session) => readonly { readonly verb: string; readonly group?: string; readonly resource: string; readonly name?: string }[];
  /** `true`, or one sentence why not now. Read-only, RBAC and lost sources are the runner's business, not the command's. */
  readonly available: (session: Session) => true | string;
  /** What a dialog shows before a `confirm` or `destroy` command: the target is fixed when it opens. */
  readonly confirmation?: (session: Session, args: A) => Confirmation;
  readonly run: (context: CommandContext, args: A) => Promise<void>;
}

export type ArgumentKind = 'job' | 'pod' | 'jar' | 'command' | 'text' | 'path' | 'theme' | 'operation';

export interface ArgumentSpec {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all that follows (`submit … -- ARGS`). */
  readonly rest?: boolean;
  /** For `theme` and the like: the words that are possible. */
  readonly choices?: readonly string[];
}

export interface OptionSpec {
  /** `p` for `-p`; absent: long only. */
  readonly short?: string;
  /** `parallelism` for `--parallelism`. */
  readonly long: string;
  /** `N` in the usage; absent: a switch. */
  readonly value?: string;
  readonly kind?: ArgumentKind;
  readonly repeatable?: boolean;
  readonly summary: string;
}

export interface Confirmation {
  readonly title: string;
  /** What dies and what is kept, as paragraphs. */
  readonly lines: readonly string[];
  /** Jobs that are affected, listed by name. */
  readonly jobs: readonly Job[];
  /** Typed to confirm; absent: `y`. */
  readonly phrase?: string;
  /** Another way out that the dialog offers, e.g. `s` take savepoints first. Its command line runs instead. */
  readonly alternatives?: readonly { readonly key: string; readonly label: string; readonly commandLine: string }[];
}

/** What a front end offers to commands. The TUI and the line mode implement it. */
export interface FrontEnd {
  /** Lines for the user: the result of a command. */
  print(lines: readonly string[], tone?: 'info' | 'good' | 'warn' | 'error'): void;
  /** Leave, cluster untouched. */
  quit(): void;
  clear(): void;
  /** Show a view: the line mode prints it. */
  show(view: View): void;
  /** Names of the themes; undefined where there are none. */
  readonly themes: readonly string[];
  setTheme(name: string): void;
  setMouse(on: boolean): void;
}

export type View =
  | { readonly kind: 'log'; readonly pods: readonly string[] | 'all' }
  | { readonly kind: 'pod'; readonly name: string; readonly text: readonly string[] }
  | { readonly kind: 'job'; readonly id: string; readonly text: readonly string[] }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'pods' }
  | { readonly kind: 'operations' }
  | { readonly kind: 'story' }
  | { readonly kind: 'help'; readonly text: readonly string[] };

/** Background work with a title, shown in the operations panel and kept in the journal. */
export interface Operations {
  /**
   * Runs `work` under an entry of the operations list. Resolves with its result; the entry keeps the last word (`result`) either way.
   * Leaving the screen does not end it; `signal` of `work` aborts only when the session ends.
   */
  track<T>(
    start: Pick<Operation, 'title' | 'kind' | 'jobId'> & { readonly resume?: ResumeNote },
    work: (report: { progress(text: string): void; note(note: ResumeNote): void }, signal: AbortSignal) => Promise<{ readonly value: T; readonly result: string }>,
  ): Promise<T>;
}

/** What the journal needs to find the result of an operation after detaching. */
export interface ResumeNote {
  readonly jobId: string;
  readonly triggerId: string;
  readonly what: 'savepoint' | 'stop-job' | 'checkpoint';
}

export interface CommandContext {
  readonly store: SessionStore;
  readonly logs: SessionLogs;
  readonly flink: FlinkClient;
  readonly kubernetes: KubernetesClient;
  readonly cluster: ClusterHandle;
  readonly operations: Operations;
  readonly front: FrontEnd;
  /** Asks the feeds to look again now. */
  readonly refresh: () => void;
  readonly clock: Clock;
  /** Aborts when the session ends. */
  readonly signal: AbortSignal;
  readonly readOnly: boolean;
  /** Folder against which relative paths of the user are resolved. */
  readonly cwd: string;
  /** `line` acts at once where Flink's line mode does. */
  readonly mode: 'tui' | 'line' | 'one-shot';
}

export type { Job, Pod };
