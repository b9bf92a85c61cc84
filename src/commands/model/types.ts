import type { AccessQuestion, KubernetesClient } from '../../kubernetes/model/types.ts';
import type { ClusterHandle } from '../../cluster/model/types.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { SandboxControl } from './sandbox-control.ts';
import type { Watch, WhyAbout } from './shown.ts';
import type { Clock } from '../../support/clock.ts';
import type { LogTime, ShownLog } from './shown-log.ts';
import type { Card } from './card.ts';
import type { Subject } from '../../session/inspections/inspections.ts';
import type { TimelineRequest } from '../../session/recording/recorded-timeline.ts';
import type { Rewind } from '../../session/recording/rewind.ts';
import type { Launches } from '../../session/launches.ts';
import type { UserStreams } from '../../support/user-streams.ts';
import type { Job, Operations, Session, SessionLogs, SessionStore, TimelineEntry } from '../../session/types.ts';

/**
 * `safe` changes nothing on a server; `change` does; `confirm` asks first in the TUI; `destroy` asks for the cluster id if jobs are running.
 */
export type Danger = 'safe' | 'change' | 'confirm' | 'destroy';

/** The values of a command's arguments and options by name, read and looked up. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * An entry of the catalogue: everything that the parser, the palette, `help`, completion, the line mode and the generated reference need.
 * Written with `command()` of `command.ts`: argument types are inferred there and erased here.
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
  /** Commands that are named by this command's name and a second word. */
  readonly subcommands?: readonly Command[];
  readonly args: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** Absent: a shell cannot run it. */
  readonly shell?: ShellForm;
  /** The most dangerous thing that it can do. */
  readonly danger: Danger;
  /** The danger with these arguments, which may be less (`jars` lists, `jars delete` deletes). */
  readonly dangerOf: (given: Given) => Danger;
  /** The line mode reads no more lines after it. */
  readonly ends: boolean;
  /**
   * The server that it uses. The runner refuses the command while that server is lost, and waits for its first answer before looking up
   * names.
   */
  readonly source?: 'kubernetes' | 'flink';
  /** The rights that it needs; the runner checks them with access reviews, and refuses the command with the reason. */
  readonly access?: (session: Session, given: Given) => readonly AccessQuestion[];
  /**
   * `true`, or one sentence why it is not available now. The runner, not the command, handles read-only sessions, RBAC and lost sources.
   */
  readonly available: (session: Session) => true | string;
  /**
   * The dialog before a `confirm` or `destroy` command, whose target is fixed when it opens; undefined: there is nothing to lose now.
   * Throws a `Problem` if the target does not exist.
   */
  readonly confirmation?: (
    session: Session,
    given: Given,
    context: CommandContext,
  ) => Promise<Confirmation | undefined> | Confirmation | undefined;
  readonly run: (context: CommandContext, given: Given) => Promise<void>;
}

/** What a shell can list. */
export type Listable = 'clusters' | 'pods' | 'jobs' | 'events';

/**
 * How a command differs in a shell, `drey NAME …`; everything else is the same as in a session.
 *
 * - `run`: runs the command once, with the cluster as its first argument. `exitCode`: it tells what is wrong, with `--exit-code` and
 *   `-o markdown`. `reads`: all that it needs to know of the cluster. `prints`:
 *   its output is that of a program in a pod, and has no other format. `outlives`: it has something to say of a cluster that is gone
 * - `list`: a table in several formats, with `--watch`. `one`: what a second argument restricts it to
 * - `operations`: the table of the operations that this machine started
 * - `web`: the address, or a local port until Ctrl+C
 * - `logs`: logs of pods as lines, without a session
 */
export type ShellForm = {
  /** The alias that is better known in a shell; default: the name of the command. */
  readonly name?: string;
  /** Default: the summary of the command. */
  readonly summary?: string;
} & (
  | { readonly kind: 'run'; readonly exitCode?: boolean; readonly reads?: 'pods'; readonly prints?: 'program'; readonly outlives?: boolean }
  | { readonly kind: 'list'; readonly what: Listable; readonly one?: 'pod' | 'job' | 'job|pod' }
  | { readonly kind: 'operations' }
  | { readonly kind: 'web' }
  | { readonly kind: 'logs' }
);

/**
 * What completion offers: `subject` jobs and pods, `object` pods and kinds of objects, `jar` local files, `savepoint` those that this session knows, `uploaded-jar` those on
 * the cluster, `column` those of the displayed table, `vertex` those of the job before it, `parallelism` the same with a `=`, `metric` the
 * names of those of the vertex before it; nothing for `text`, `number` and `remote-path` (a folder that the cluster sees).
 * `cluster`, `context`, `namespace`, `recording` (a cluster that was recorded here) and `file` are offered only in a shell.
 */
export type ArgumentKind =
  | 'job'
  | 'pod'
  | 'subject'
  | 'object'
  | 'jar'
  | 'savepoint'
  | 'uploaded-jar'
  | 'vertex'
  | 'parallelism'
  | 'metric'
  | 'command'
  | 'theme'
  | 'column'
  | 'choice'
  | 'text'
  | 'number'
  | 'time'
  | 'container'
  | 'remote-path'
  | 'cluster'
  | 'context'
  | 'namespace'
  | 'recording'
  | 'file';

/** What a user may mean without naming it: the subject of the place on the screen, or its selected row. */
export type HereName = 'job' | 'vertex' | 'subtask' | 'pod' | 'subject';
/** Words that name it, as they could be typed. */
export type Here = { readonly [Name in HereName]?: string | undefined };

export interface ArgumentSpec {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly summary: string;
  readonly optional: boolean;
  /** Takes all remaining words: `words`, or only those after `--` (`submit … -- ARGS`). */
  readonly rest?: 'words' | 'after-dashes' | undefined;
  /** For `choice` and `object`: the possible words, or some of them. */
  readonly choices?: readonly string[] | undefined;
  /** Which jobs can be meant: completion offers no others. */
  readonly jobs?: 'running' | 'all' | undefined;
  /** What of the place on the screen is meant if the word is left out; only of commands whose most harmless form is safe. */
  readonly here?: HereName | undefined;
  /** Reads the value from the typed words; from no words if it is optional. Throws a `Problem` whose sentence names the word. */
  readonly read: (words: readonly string[], from: ReadContext) => unknown;
}

export interface OptionSpec {
  /** Name of the value in `Given`. */
  readonly name: string;
  /** `p` for `-p`; absent: long only. */
  readonly short?: string | undefined;
  /** `parallelism` for `--parallelism`; absent: short only (`-Dkey=value`). */
  readonly long?: string | undefined;
  /** `N` in the usage; absent: a switch. */
  readonly value?: string | undefined;
  readonly kind: ArgumentKind;
  /** For `choice`: the possible words. */
  readonly choices?: readonly string[] | undefined;
  readonly repeatable: boolean;
  readonly summary: string;
  /** Reads the value from all words given for it; from no words if it was not given. Throws a `Problem`. */
  readonly read: (words: readonly string[], from: ReadContext) => unknown;
}

/** The data needed to look up a word. */
export interface ReadContext {
  readonly session: Session;
  readonly themes: readonly string[];
  /** The columns of the displayed table; empty if there is none. */
  readonly columns: readonly string[];
  readonly catalogue: readonly Command[];
  /** Absent without a screen: everything is named. */
  readonly here?: Here | undefined;
}

export interface Confirmation {
  readonly title: string;
  /** What is lost and what is kept, as paragraphs. */
  readonly lines: readonly string[];
  /** Affected jobs, listed by name. */
  readonly jobs: readonly Job[];
  /** The action of the command, as a choice: `Stop now, without savepoints`. */
  readonly action: string;
  /** The text to type to confirm, whatever is chosen; default: `yes`. */
  readonly phrase?: string | undefined;
  /** Other choices. Their command line runs instead, without another question. */
  readonly alternatives?: readonly Alternative[];
}

export interface Alternative {
  /** Its action, as a choice. */
  readonly label: string;
  readonly commandLine: string;
  /** Listed before the command itself, and selected unless the user selects something else. */
  readonly recommended?: boolean;
}

/** A question that comes up while a command runs. */
export type Doubt = Pick<Confirmation, 'title' | 'lines' | 'action'>;

export type Tone = 'info' | 'good' | 'warn' | 'error' | 'event';

/** The services of a front end for commands. The TUI and the line mode implement it. */
export interface FrontEnd {
  /** Prints the result of a command. `event`: a step on the way, which the line mode prints with its time. */
  print(lines: readonly string[], tone?: Tone): void;
  /** Leaves; the cluster is untouched. */
  quit(): void;
  clear(): void;
  /** Shows a view. The line mode prints it, and resolves once that is done. */
  show(view: View): void | Promise<void>;
  /** Names of the themes; empty without any. */
  readonly themes: readonly string[];
  setTheme(name: string): void;
  setMouse(on: boolean): void;
  /** The displayed table; absent without a screen. */
  readonly table?: ShownTable;
  /** Lets the user choose another cluster, and switches to it; absent without a screen. */
  readonly switchCluster?: (to: SwitchScope) => Promise<void>;
  /** Watches what the user is looking at; absent without a screen. */
  readonly watch?: Watch;
  /**
   * Lends the terminal while `work` runs, such as an editor (`support/foreground-program.ts`); if it cannot be lent now, resolves with false
   * without running `work`. Absent: the terminal is not in use.
   */
  lend?(work: () => Promise<void>): Promise<boolean>;
  /** The same for a program that asks on it: late input for that program is discarded. */
  letAsk?(work: () => Promise<void>): Promise<boolean>;
  /** The streams of the user, for a program elsewhere; only while the terminal is lent, if it is in use. Absent: there are none. */
  streams?(): UserStreams;
  /** The exit code of a command that succeeded: that of a program that it ran for the user, or its own. Absent: nobody asks for it. */
  exited?(code: number): void;
  /** Asks in the middle of a command; false: no, or nobody can be asked now. Absent: nobody can be asked. */
  agrees?(doubt: Doubt): Promise<boolean>;
  /** What is meant by words that are left out. Absent without a screen. */
  readonly here?: () => Here;
  /** The log on the screen; absent without a screen, undefined before there is a connection. */
  readonly shownLog?: () => ShownLog | undefined;
  /** Absent without a screen. */
  readonly logTime?: LogTime;
  /** Shows the end of the log, as of what is shown. Absent without a screen. */
  logEnd?(): void;
  /** Goes into the place of a subject, at one of its views: `Checkpoints`. Absent: there are no places. */
  enter?(subject: Subject, view?: string): void;
}

export interface ShownTable {
  /** The names of the columns that it can currently be sorted by. */
  columns(): readonly string[];
  /** Without a column, restores the default order; without a direction, uses the column's first one. */
  sort(column: string | undefined, direction: 'asc' | 'desc' | undefined): void;
}

/** The clusters to choose from: those of all namespaces, of one, of another context, or of a context that is chosen first. */
export type SwitchScope =
  | { readonly kind: 'clusters'; readonly namespace?: string | undefined }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'contexts' };

export type View =
  | { readonly kind: 'log'; readonly pods: readonly string[] | 'all'; readonly container?: string; readonly follow?: boolean }
  | { readonly kind: 'pod'; readonly name: string; readonly text: readonly string[] }
  | { readonly kind: 'job'; readonly id: string; readonly text: readonly string[] }
  /** What is wrong with a job or a pod, or with anything. `again`: reads it once more. */
  | {
      readonly kind: 'why';
      readonly about: WhyAbout | undefined;
      readonly card: Card;
      readonly text: readonly string[];
      readonly again: (signal: AbortSignal) => Promise<Card>;
    }
  /** The facts of one subject: text for a person, and plain data for programs (`-o json`). `about`: whose log `l` leads to. */
  | {
      readonly kind: 'facts';
      readonly title: string;
      readonly text: readonly string[];
      readonly data: unknown;
      readonly about?: WhyAbout;
    }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'pods' }
  | { readonly kind: 'operations' }
  | { readonly kind: 'timeline' }
  /** `command`: the help of one command; absent: of all. */
  | { readonly kind: 'help'; readonly command?: string; readonly text: readonly string[] };

export interface CommandContext {
  readonly store: SessionStore;
  readonly logs: SessionLogs;
  readonly flink: FlinkClient;
  readonly kubernetes: KubernetesClient;
  readonly cluster: ClusterHandle;
  readonly operations: Operations;
  readonly launches: Launches;
  readonly front: FrontEnd;
  /** Asks the feeds to look again now. */
  readonly refresh: () => void;
  readonly clock: Clock;
  /** A new id for a job or a trigger. */
  readonly newId: () => string;
  /** Aborts when the session ends or the user stops waiting. */
  readonly signal: AbortSignal;
  /** Shows the recorded session as it was; absent: it is not recorded, or there is no screen. */
  readonly rewind?: Rewind | undefined;
  /** The timelines of all sessions of the cluster that were recorded; absent: there can be none. */
  readonly recorded?: ((request: TimelineRequest) => Promise<readonly (readonly TimelineEntry[])[]>) | undefined;
  readonly readOnly: boolean;
  /** The base of the user's relative paths. */
  readonly cwd: string;
  /** The folder for `~`. */
  readonly home: string;
  /** The folder for what outlives a run: kept logs and recordings. */
  readonly stateFolder: string;
  /** Names the user's programs: `EDITOR`, `PAGER`. */
  readonly env: NodeJS.ProcessEnv;
  /** The embedded sandbox, if attached to it. */
  readonly sandbox: SandboxControl | undefined;
  readonly catalogue: readonly Command[];
  /** `line` runs commands without asking if Flink's line mode does. */
  readonly mode: 'tui' | 'line' | 'one-shot';
}
