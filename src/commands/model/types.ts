import type { AccessQuestion, KubernetesClient } from '../../kubernetes/model/types.ts';
import type { ClusterHandle } from '../../cluster/model/types.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { SandboxControl } from './sandbox-control.ts';
import type { Watch } from './shown.ts';
import type { Clock } from '../../support/clock.ts';
import type { Report } from './finding.ts';
import type { Job, Operations, Session, SessionLogs, SessionStore } from '../../session/types.ts';

/**
 * `safe` changes nothing on a server; `change` does; `confirm` asks first in the TUI; `destroy` asks for the cluster id if jobs are running.
 */
export type Danger = 'safe' | 'change' | 'confirm' | 'destroy';

/** What a command was given: the value of each argument and option by its name, read and looked up. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * The catalogue's entry: all that a reader, the palette, `help`, completion, the line mode and the generated reference want to know.
 * Written with `command()` of `command.ts`, which infers the types of what is given; here they are forgotten.
 */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line, without a full stop. */
  readonly summary: string;
  /** More for `help NAME` and the reference; plain sentences. */
  readonly details?: string;
  readonly examples: readonly string[];
  readonly group: 'session' | 'jobs' | 'pods' | 'view' | 'sandbox';
  /** Commands that are named by its name and a second word. */
  readonly subcommands?: readonly Command[];
  readonly args: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** The most that it can do. */
  readonly danger: Danger;
  /** What it does with these arguments, where that is less (`jars` lists, `jars delete` deletes). */
  readonly dangerOf: (given: Given) => Danger;
  /** The line mode reads no line after it. */
  readonly ends: boolean;
  /** The server that it asks. The runner refuses it while that server is lost, and waits for its first answer before names are looked up. */
  readonly source?: 'kubernetes' | 'flink';
  /** Access that it needs; checked by the runner with access reviews, refused with the reason. */
  readonly access?: (session: Session, given: Given) => readonly AccessQuestion[];
  /** `true`, or one sentence why not now. Read-only, RBAC and lost sources are the runner's business, not the command's. */
  readonly available: (session: Session) => true | string;
  /**
   * What a dialog shows before a `confirm` or `destroy` command, the target is fixed when it opens; undefined: there is nothing to lose now.
   * Throws a `Problem` when what is named is not there.
   */
  readonly confirmation?: (
    session: Session,
    given: Given,
    context: CommandContext,
  ) => Promise<Confirmation | undefined> | Confirmation | undefined;
  readonly run: (context: CommandContext, given: Given) => Promise<void>;
}

/**
 * What completion offers: `subject` jobs and pods, `jar` local files, `savepoint` those that this session knows of, `uploaded-jar` those on
 * the cluster, `column` those of the table that is shown; nothing for `text`, `number` and `remote-path` (a folder that the cluster sees).
 * `cluster`, `context`, `namespace` and `file` are offered in a shell only.
 */
export type ArgumentKind =
  | 'job'
  | 'pod'
  | 'subject'
  | 'jar'
  | 'savepoint'
  | 'uploaded-jar'
  | 'command'
  | 'theme'
  | 'column'
  | 'choice'
  | 'text'
  | 'number'
  | 'remote-path'
  | 'cluster'
  | 'context'
  | 'namespace'
  | 'file';

export interface ArgumentSpec {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly summary: string;
  readonly optional: boolean;
  /** Takes all that is left: `words`, or only what follows `--` (`submit … -- ARGS`). */
  readonly rest?: 'words' | 'after-dashes';
  /** For `choice`: the words that are possible. */
  readonly choices?: readonly string[];
  /** Which jobs are meant: completion offers no others. */
  readonly jobs?: 'running' | 'all';
  /** The value of what was typed for it; of nothing where it is optional. Throws a `Problem` whose sentence names the word. */
  readonly read: (words: readonly string[], from: ReadContext) => unknown;
}

export interface OptionSpec {
  /** Name of the value in what is given. */
  readonly name: string;
  /** `p` for `-p`; absent: long only. */
  readonly short?: string;
  /** `parallelism` for `--parallelism`; absent: short only (`-Dkey=value`). */
  readonly long?: string;
  /** `N` in the usage; absent: a switch. */
  readonly value?: string;
  readonly kind: ArgumentKind;
  /** For `choice`: the words that are possible. */
  readonly choices?: readonly string[];
  readonly repeatable: boolean;
  readonly summary: string;
  /** The value of all words that were given for it; of none when it was not given. Throws a `Problem`. */
  readonly read: (words: readonly string[], from: ReadContext) => unknown;
}

/** What looking up a word needs. */
export interface ReadContext {
  readonly session: Session;
  readonly themes: readonly string[];
  /** Of the table that is shown; empty where there is none. */
  readonly columns: readonly string[];
  readonly catalogue: readonly Command[];
}

export interface Confirmation {
  readonly title: string;
  /** What dies and what is kept, as paragraphs. */
  readonly lines: readonly string[];
  /** Jobs that are affected, listed by name. */
  readonly jobs: readonly Job[];
  /** What the command does, as a choice: `Stop now, without savepoints`. */
  readonly action: string;
  /** Typed to confirm, whatever is chosen; absent: `yes`. */
  readonly phrase?: string;
  /** Other ways out. The command line runs instead, without another question. */
  readonly alternatives?: readonly Alternative[];
}

export interface Alternative {
  /** What it does, as a choice. */
  readonly label: string;
  readonly commandLine: string;
  /** Stands before the command itself, and is chosen unless the user chooses something else. */
  readonly recommended?: boolean;
}

export type Tone = 'info' | 'good' | 'warn' | 'error' | 'event';

/** What a front end offers to commands. The TUI and the line mode implement it. */
export interface FrontEnd {
  /** Lines for the user: the result of a command. `event`: a step on the way, which the line mode prints with its time. */
  print(lines: readonly string[], tone?: Tone): void;
  /** Leave, cluster untouched. */
  quit(): void;
  clear(): void;
  /** Show a view: the line mode prints it, and resolves when it has. */
  show(view: View): void | Promise<void>;
  /** Names of the themes; empty where there are none. */
  readonly themes: readonly string[];
  setTheme(name: string): void;
  setMouse(on: boolean): void;
  /** The table that the user looks at; absent without a screen. */
  readonly table?: ShownTable;
  /** Lets the user choose another cluster, and goes there; absent without a screen. */
  readonly switchCluster?: (to: SwitchScope) => Promise<void>;
  /** What the user looks at; absent without a screen. */
  readonly watch?: Watch;
  /** Hands the terminal to somebody else while `work` runs; resolves with false, without running it, if that cannot be now. Absent: it is in nobody's hands. */
  letAsk?(work: () => Promise<void>): Promise<boolean>;
}

export interface ShownTable {
  /** The names of the columns that it can be sorted by now. */
  columns(): readonly string[];
  /** Without a column in its own order, without a direction in the one that the column begins with. */
  sort(column: string | undefined, direction: 'asc' | 'desc' | undefined): void;
}

/** Among which clusters one is chosen: those of all namespaces, of one, of another context, or of a context that is chosen first. */
export type SwitchScope =
  | { readonly kind: 'clusters'; readonly namespace?: string | undefined }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'contexts' };

export type View =
  | { readonly kind: 'log'; readonly pods: readonly string[] | 'all'; readonly follow?: boolean }
  | { readonly kind: 'pod'; readonly name: string; readonly text: readonly string[] }
  | { readonly kind: 'job'; readonly id: string; readonly text: readonly string[] }
  /** What is wrong with a job or a pod (`name` is its full one), or with anything. */
  | { readonly kind: 'why'; readonly about: WhyAbout | undefined; readonly text: readonly string[]; readonly report: Report }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'pods' }
  | { readonly kind: 'operations' }
  | { readonly kind: 'timeline' }
  /** `command`: the help of one command; absent: all of them. */
  | { readonly kind: 'help'; readonly command?: string; readonly text: readonly string[] };

export type WhyAbout = { readonly kind: 'job'; readonly id: string } | { readonly kind: 'pod'; readonly name: string };

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
  /** A new id for a job or a trigger. */
  readonly newId: () => string;
  /** Aborts when the session ends or the user gives up waiting. */
  readonly signal: AbortSignal;
  readonly readOnly: boolean;
  /** Folder against which relative paths of the user are resolved. */
  readonly cwd: string;
  /** What `~` stands for. */
  readonly home: string;
  /** The embedded sandbox, if that is what is attached. */
  readonly sandbox: SandboxControl | undefined;
  readonly catalogue: readonly Command[];
  /** `line` acts at once where Flink's line mode does. */
  readonly mode: 'tui' | 'line' | 'one-shot';
}
