import type { Completion } from '../../commands/line/completion.ts';
import type { Tone } from '../../commands/model/types.ts';
import type { SortOrder } from '../../session/tables/order.ts';
import type { ContainerLog, EarlierLines, KeptWindow, LogView, Session, TimelineEntry, ViewLine } from '../../session/types.ts';
import type { TemplatePattern } from '../../inside/log/templates/template.ts';
import type { Instant } from '../../support/clock.ts';
import type { Zone } from '../../support/format.ts';
import { wholeGraph, type GraphState } from './graph-zoom.ts';
import type { KeptCount } from './kept-count.ts';
import type { LineText } from './line-text.ts';
import type { KeyTable } from './keys.ts';
import { tables, type Layout, type Size, type TableName } from './layout.ts';
import type { Look } from '../look/look.ts';
import type { ThemeName } from '../look/theme.ts';
import type { TextFilter } from './filter.ts';
import { nothingOpen, type Overlay } from './overlay.ts';
import { atStart } from './places/home.ts';
import type { Trail } from './trail.ts';

export const timelineKinds = ['k8s', 'flink', 'drey'] as const satisfies readonly TimelineEntry['from'][];
export type TimelineKind = (typeof timelineKinds)[number];

/** The state of a table: the selected object, and where it was last seen, so that a neighbour takes its place when it goes. */
export interface ListState {
  readonly selected: string | undefined;
  /** The user's choice; selected again when a filter no longer hides it. */
  readonly chosen: string | undefined;
  readonly index: number;
  readonly top: number;
  /** The wheel moved the rows: the selection may be out of view, until it changes. */
  readonly scrolled: boolean;
  /** Undefined: the default order of the table. */
  readonly sort: SortOrder | undefined;
  /** The order of the rows while the user is in the table. */
  readonly held: readonly string[] | undefined;
  readonly filter: TextFilter | undefined;
  readonly search: TextFilter | undefined;
  /** Marked rows, in the order in which they were marked: what acts on the selected one acts on these instead. */
  readonly marked: readonly string[];
}

/** The levels that can be chosen, the lowest first. */
export const leastLevels = ['INFO', 'WARN', 'ERROR'] as const satisfies readonly NonNullable<ViewLine['level']>[];
export type LeastLevel = (typeof leastLevels)[number];

/** A moment for the log to go to. */
export interface Sought {
  readonly at: Instant;
  /** The line about a failure, or the first line of that moment. */
  readonly what: 'failure' | 'moment';
}

/** The template whose lines alone are shown. */
export interface LogTemplate {
  readonly pattern: TemplatePattern;
  /** As it is named. */
  readonly text: string;
  /** The logs that were shown before. */
  readonly before: LogScope;
}

/** What stands before lines: their time, how long after the line before or after a marked line they are, or nothing. */
export const stampKinds = ['time', 'before', 'mark', 'off'] as const;
export type Stamps = (typeof stampKinds)[number];

/** From a moment on, up to another one, or both. */
export interface TimeRange {
  readonly since: Instant | undefined;
  readonly until: Instant | undefined;
}

/** Which lines are shown: of the selected pod, of all followed pods, or of these. */
export type LogScope = 'selected' | 'all' | readonly string[];

export interface LogState {
  readonly scope: LogScope;
  /** The container of the only pod whose log is shown; undefined: that of Flink. */
  readonly container: string | undefined;
  /** The part of the logs on disk that is shown; undefined: the lines in memory. */
  readonly window: KeptWindow | undefined;
  /** What is being read from disk, until Esc; undefined: nothing is. */
  readonly reading: string | undefined;
  /** Number of the lowest visible line, counted from the very first line; undefined: the newest is shown. */
  readonly anchor: number | undefined;
  readonly filter: TextFilter | undefined;
  readonly search: TextFilter | undefined;
  /** `n` searches in this direction, and `N` in the other. */
  readonly searching: 'up' | 'down';
  /** Number of the line of the current match. */
  readonly found: number | undefined;
  /** The number of that line among the matches. */
  readonly hit: number | undefined;
  /** Undefined: lines of all templates. */
  readonly template: LogTemplate | undefined;
  /** The lowest level that is shown; undefined: also lines without a level. */
  readonly level: LeastLevel | undefined;
  readonly wrap: boolean;
  readonly stamps: Stamps;
  readonly zone: Zone;
  /** Only lines of this time are shown; undefined: of any. */
  readonly range: TimeRange | undefined;
  /** Stack traces and runs are one line each. */
  readonly folded: boolean;
  /** Ids of the runs that are shown line by line all the same, the last ones that were opened. */
  readonly opened: readonly string[];
  readonly raw: boolean;
  /** Which entries of the timeline appear between the log lines. */
  readonly timeline: Readonly<Record<TimelineKind, boolean>>;
  /** Marked lines, in the order of time. They are shown whatever the filter and the level. */
  readonly marked: readonly ViewLine[];
  /** Cleared: earlier lines are shown only by scrolling back; undefined: not cleared. The numbers of a view may be below 0. */
  readonly from: number | undefined;
  /** How many cells long lines are shifted to the left. */
  readonly shift: number;
  /** The log goes to this moment as soon as its lines have arrived; undefined: it is there, or no moment was requested. */
  readonly sought: Sought | undefined;
}

export interface CommandLineState {
  readonly line: LineText;
  /** Position in the history while browsing it; `draft` is the text typed before. */
  readonly recalled: { readonly index: number; readonly draft: LineText } | undefined;
  /** Ctrl+R: the search, and the line of the history that was found. */
  readonly search: { readonly query: LineText; readonly found: { readonly index: number; readonly line: string } | undefined } | undefined;
  /** The completion for the line `for`. */
  readonly completion: (Completion & { readonly for: string; readonly cursor: number }) | undefined;
  /** The candidate that Tab has inserted; undefined: none yet. */
  readonly candidate: number | undefined;
  /** Offset at which the line could not be understood. */
  readonly errorAt: number | undefined;
}

export interface ResultState {
  readonly lines: readonly string[];
  readonly tone: Tone;
}

/** A command that was typed here and is still running. */
export interface Busy {
  readonly line: string;
  readonly since: Instant;
}

/** The user's changes to the screen. Immutable; only the actions change it. */
export interface Ui {
  /** The place on the screen, and the places that led to it. */
  readonly trail: Trail;
  /** A prompt, a dialog or a list over that place. */
  readonly overlay: Overlay;
  readonly lists: Readonly<Record<TableName, ListState>>;
  /** Rows given to the tables, if the screen has them. */
  readonly tableRows: number;
  readonly graph: GraphState;
  readonly log: LogState;
  readonly command: CommandLineState;
  readonly result: ResultState | undefined;
  readonly theme: ThemeName;
  readonly mouse: boolean;
  /** Commands that were typed here and are still running, with their start times. */
  readonly busy: readonly Busy[];
}

/** The same for each table. */
const fromTables = <T>(make: () => T): Readonly<Record<TableName, T>> =>
  Object.fromEntries(tables.map((name) => [name, make()])) as Record<TableName, T>;

const list: ListState = {
  selected: undefined,
  chosen: undefined,
  index: 0,
  top: 0,
  scrolled: false,
  sort: undefined,
  held: undefined,
  filter: undefined,
  search: undefined,
  marked: [],
};
const emptyLine: LineText = { text: '', cursor: 0 };

export const emptyCommandLine: CommandLineState = {
  line: emptyLine,
  recalled: undefined,
  search: undefined,
  completion: undefined,
  candidate: undefined,
  errorAt: undefined,
};

interface UiOptions {
  readonly theme: ThemeName;
  readonly mouse: boolean;
  readonly logStamps?: Stamps;
  readonly logZone?: Zone;
}

export function initialUi({ theme, mouse, logStamps = 'time', logZone = 'local' }: UiOptions): Ui {
  return {
    trail: [atStart],
    overlay: nothingOpen,
    tableRows: 0,
    lists: fromTables(() => list),
    graph: wholeGraph,
    log: {
      scope: 'selected',
      container: undefined,
      window: undefined,
      reading: undefined,
      anchor: undefined,
      filter: undefined,
      search: undefined,
      searching: 'up',
      found: undefined,
      hit: undefined,
      template: undefined,
      level: undefined,
      wrap: false,
      stamps: logStamps,
      zone: logZone,
      range: undefined,
      folded: true,
      opened: [],
      raw: false,
      timeline: { k8s: true, flink: true, drey: true },
      marked: [],
      from: undefined,
      shift: 0,
      sought: undefined,
    },
    command: emptyCommandLine,
    result: undefined,
    theme,
    mouse,
    busy: [],
  };
}

/** Everything that one picture of the screen is made of. */
export interface Frame {
  readonly session: Session;
  readonly ui: Ui;
  readonly layout: Layout;
  readonly size: Size;
  readonly look: Look;
  readonly now: Instant;
  readonly keys: KeyTable;
  /** Commands typed before, oldest first. */
  readonly history: readonly string[];
  /** The row changed a moment ago, and is highlighted. */
  readonly isFresh: (key: string) => boolean;
  /** The lines in the log panel. */
  readonly logView: LogView | undefined;
  /** It is the log of a container that is not Flink's. */
  readonly containerLog?: ContainerLog | undefined;
  /** What lies before them; undefined: that is not known, or the first of them are not looked at. */
  readonly earlier?: EarlierLines | undefined;
  /** Those that match its search. */
  readonly hits: LogView | undefined;
  /** Counts those on disk as well; undefined: nothing is there, or nobody searched for them. */
  readonly keptCount?: KeptCount | undefined;
  /** There is no connection yet; names what the user is waiting for. */
  readonly starting: string | undefined;
}
