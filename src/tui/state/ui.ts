import type { Completion } from '../../commands/line/completion.ts';
import type { Tone, WhyAbout } from '../../commands/model/types.ts';
import type { SortOrder } from '../../session/tables/order.ts';
import type { LogView, Session, TimelineEntry, ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import type { LineText } from './line-text.ts';
import type { KeyTable } from './keys.ts';
import type { Layout, PanelName, Size, ViewName } from './layout.ts';
import type { Look } from '../look/look.ts';
import type { DialogState } from './question.ts';
import type { ThemeName } from '../look/theme.ts';
import type { TextFilter } from './filter.ts';

export type Focus = PanelName | 'command';

export const timelineKinds = ['k8s', 'flink', 'drey'] as const satisfies readonly TimelineEntry['from'][];
export type TimelineKind = (typeof timelineKinds)[number];

/** What a table remembers: the object that is selected, and where it was last seen, so that a neighbour takes its place when it goes. */
export interface ListState {
  readonly selected: string | undefined;
  /** What the user went to; selected again when a filter no longer hides it. */
  readonly chosen: string | undefined;
  readonly index: number;
  readonly top: number;
  /** The wheel moved the rows: what is selected need not be seen, until it changes. */
  readonly scrolled: boolean;
  /** Undefined: the order that the table has by itself. */
  readonly sort: SortOrder | undefined;
  /** The order of the rows while the user is in the table. */
  readonly held: readonly string[] | undefined;
  readonly filter: TextFilter | undefined;
  readonly search: TextFilter | undefined;
}

/** The levels that can be asked for, the least first. */
export const leastLevels = ['INFO', 'WARN', 'ERROR'] as const satisfies readonly NonNullable<ViewLine['level']>[];
export type LeastLevel = (typeof leastLevels)[number];

/** A moment that the log goes to. */
export interface Sought {
  readonly at: Instant;
  /** The line that tells of a failure, or the first one of that moment. */
  readonly what: 'failure' | 'moment';
}

/** Which lines are shown: of the selected pod, of all pods that are followed, or of these. */
export type LogScope = 'selected' | 'all' | readonly string[];

export interface LogState {
  readonly scope: LogScope;
  /** Number of the lowest line that is shown, counted from the first line ever; undefined: the newest is shown. */
  readonly anchor: number | undefined;
  readonly filter: TextFilter | undefined;
  readonly search: TextFilter | undefined;
  /** `n` goes on in this direction, and `N` back. */
  readonly searching: 'up' | 'down';
  /** Number of the line that the search stands on. */
  readonly found: number | undefined;
  /** The number of that line among those that match. */
  readonly hit: number | undefined;
  /** The least level that is shown; undefined: lines without a level as well. */
  readonly level: LeastLevel | undefined;
  readonly wrap: boolean;
  readonly stamps: boolean;
  readonly folded: boolean;
  readonly raw: boolean;
  /** Which lines of the timeline stand between those of the logs. */
  readonly timeline: Readonly<Record<TimelineKind, boolean>>;
  /** Cleared: lines before this number are shown only when one scrolls back; undefined: it was not. The numbers of a view may be below 0. */
  readonly from: number | undefined;
  /** Cells that long lines are moved to the left. */
  readonly shift: number;
  /** The log goes to this moment as soon as its lines are there; undefined: it is there, or nobody asked. */
  readonly sought: Sought | undefined;
}

/** A text that is read in the place of the log: `help`, `describe`. */
export interface TextState {
  readonly title: string;
  readonly all: readonly string[];
  readonly filter: TextFilter | undefined;
  /** Those that the filter lets through. */
  readonly lines: readonly string[];
  readonly top: number;
  /** What had the focus before, and all the room. */
  readonly back: Focus;
  readonly backZoomed?: PanelName | undefined;
  /** The job or pod that it is about. */
  readonly about: WhyAbout | undefined;
  /** When it was written, of what changes. */
  readonly asOf?: Instant | undefined;
  readonly search: TextFilter | undefined;
  /** Index of the line that the search stands on. */
  readonly found: number | undefined;
}

export interface CommandLineState {
  readonly line: LineText;
  /** Place in the history while going through it; `draft` is what was typed before. */
  readonly recalled: { readonly index: number; readonly draft: LineText } | undefined;
  /** Ctrl+R: what is searched for, and the place in the history where it was found. */
  readonly search: { readonly query: LineText; readonly found: { readonly index: number; readonly line: string } | undefined } | undefined;
  /** What Tab can do for `for`. */
  readonly completion: (Completion & { readonly for: string; readonly cursor: number }) | undefined;
  /** The candidate that Tab has put into the line; undefined: none yet. */
  readonly candidate: number | undefined;
  /** The line could not be understood here. */
  readonly errorAt: number | undefined;
  /** Typing was begun in this panel for one command, and ends there; undefined: it goes on. */
  readonly once: PanelName | undefined;
}

/** A small field at the bottom that asks for a text: a filter or a search of one panel. */
export interface PromptState {
  readonly purpose: 'filter' | 'search';
  readonly panel: PanelName;
  readonly line: LineText;
  /** The pattern cannot be read, and why. */
  readonly problem: string | undefined;
  /** What the panel had when the prompt was opened, to go back to. */
  readonly before: Readonly<Record<'filter' | 'search', TextFilter | undefined>>;
}

export interface ResultState {
  readonly lines: readonly string[];
  readonly tone: Tone;
}

/** A command that was typed here and has not ended. */
export interface Busy {
  readonly line: string;
  readonly since: Instant;
}

/** What the user has done to the screen. Immutable; only the actions change it. */
export interface Ui {
  readonly focus: Focus;
  readonly view: ViewName;
  readonly zoomed: PanelName | undefined;
  readonly lists: Readonly<Record<ViewName, ListState>>;
  /** Rows that the tables are given, if the screen has them. */
  readonly tableRows: number;
  readonly log: LogState;
  readonly text: TextState | undefined;
  readonly command: CommandLineState;
  readonly prompt: PromptState | undefined;
  readonly dialog: DialogState | undefined;
  readonly result: ResultState | undefined;
  /** The keys of this place are shown. */
  readonly keys: boolean;
  readonly theme: ThemeName;
  readonly mouse: boolean;
  /** Commands that were typed here and have not ended, with the moment of their start. */
  readonly busy: readonly Busy[];
}

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
};
const emptyLine: LineText = { text: '', cursor: 0 };

export const emptyCommandLine: CommandLineState = {
  line: emptyLine,
  recalled: undefined,
  search: undefined,
  completion: undefined,
  candidate: undefined,
  errorAt: undefined,
  once: undefined,
};

export function initialUi(options: { readonly theme: ThemeName; readonly mouse: boolean }): Ui {
  return {
    focus: 'command',
    view: 'pods',
    zoomed: undefined,
    tableRows: 0,
    lists: { pods: list, jobs: list, operations: list, timeline: list },
    log: {
      scope: 'selected',
      anchor: undefined,
      filter: undefined,
      search: undefined,
      searching: 'up',
      found: undefined,
      hit: undefined,
      level: undefined,
      wrap: false,
      stamps: true,
      folded: true,
      raw: false,
      timeline: { k8s: true, flink: true, drey: true },
      from: undefined,
      shift: 0,
      sought: undefined,
    },
    text: undefined,
    command: emptyCommandLine,
    prompt: undefined,
    dialog: undefined,
    result: undefined,
    keys: false,
    theme: options.theme,
    mouse: options.mouse,
    busy: [],
  };
}

/** All that one picture of the screen is made of. */
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
  /** The row changed a moment ago, and is drawn so that the eye finds it. */
  readonly isFresh: (key: string) => boolean;
  /** The lines that the log panel looks at. */
  readonly logView: LogView | undefined;
  /** Of those, the ones that its search finds. */
  readonly hits: LogView | undefined;
  /** There is no connection yet, and this is what is waited for. */
  readonly starting: string | undefined;
}
