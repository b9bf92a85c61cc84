import type { History } from '../../commands/line/history.ts';
import type { Runner } from '../../commands/runner.ts';
import type { SwitchScope } from '../../commands/model/types.ts';
import type { Subject } from '../../session/inspections/inspections.ts';
import type { Feeds, KeptLines, LogView, SessionStore } from '../../session/types.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { sentence } from '../../support/problem.ts';
import type { UserStreams } from '../../support/user-streams.ts';
import type { Lifetime } from '../../support/waiting.ts';
import { createFreshness } from '../state/freshness.ts';
import { TypeAhead } from '../state/type-ahead.ts';
import type { KeyTable } from '../state/keys.ts';
import { layout, type Layout, type LayoutWish, type Size } from '../state/layout.ts';
import { LogViews } from '../state/log-views.ts';
import { createLook, type Look } from '../look/look.ts';
import { settle } from './settle-screen.ts';
import { createWatchers } from './shown.ts';
import type { ColourDepth, ThemeName } from '../look/theme.ts';
import { initialUi, type Frame, type LogState, type Ui } from '../state/ui.ts';
import type { Settings } from '../settings/settings.ts';
import type { Copied } from '../terminal/clipboard.ts';
import { logPods, shownContainer } from '../rows/log.ts';
import { withLogOfMoment } from '../state/log-moment.ts';
import { withLogOfProcess } from '../state/way-back.ts';
import { subjectsShown } from '../state/subjects.ts';
import { layoutWish, withPlace } from '../state/trail.ts';
import { CardReader } from './card-reader.ts';

/** Available once the cluster is connected. */
export interface Attached {
  readonly runner: Runner;
  readonly feeds: Pick<Feeds, 'logs' | 'refresh' | 'setFocus' | 'inspect'>;
}

/** What is wanted of the logs on disk. */
export type DiskWish =
  /** Lines before the first one that is shown; by `first`: the first ones of all. */
  | { readonly kind: 'older'; readonly by: number | 'page-up' | 'first' }
  | { readonly kind: 'newer' }
  /** The part that is shown once more: something else of it is wanted now. */
  | { readonly kind: 'again' }
  | { readonly kind: 'match'; readonly direction: 'next' | 'previous' }
  | { readonly kind: 'error'; readonly from: Instant; readonly direction: 'next' | 'previous' }
  | { readonly kind: 'moment'; readonly at: Instant };

/** Reading from disk: it ends once its result is not wanted any more. */
export interface DiskReading extends Lifetime {
  /** The lines are still shown for which it was begun. */
  isWanted(): boolean;
}

/** Why the screen ended. */
export type TuiEnd = 'quit' | 'stopped' | 'interrupted' | 'switched';

export interface AppOptions {
  readonly store: SessionStore;
  readonly settings: Settings;
  readonly theme: ThemeName;
  readonly keys: KeyTable;
  readonly depth: ColourDepth;
  readonly ascii: boolean;
  readonly clock: Clock;
  readonly size: () => Size;
  /** Draws with the next tick, or now. */
  readonly redraw: { soon(): void; now(): void; all(): void };
  readonly terminal: {
    setMouse(on: boolean): void;
    suspend(): void;
    /** See `FrontEnd.letAsk`. */
    letAsk(work: () => Promise<void>): Promise<boolean>;
    /** Lends the terminal while `meanwhile` runs; false: it cannot be lent now. */
    lend(meanwhile: () => Promise<void>): Promise<boolean>;
    /** For whom the terminal is lent to. */
    readonly streams: UserStreams;
    /** Copies to the terminal's clipboard. */
    copy(text: string): Copied;
  };
  /** Lets the user choose another cluster, using the whole terminal; true: switch to it. */
  readonly chooseCluster: ((scope: SwitchScope) => Promise<boolean>) | undefined;
  /** Shows what is wanted of the logs on disk; resolves once it is being read. */
  readonly readDisk: (app: App, kept: KeptLines, wish: DiskWish) => Promise<void>;
  /** Saves the theme for the next start. */
  readonly keepTheme?: ((name: ThemeName) => void) | undefined;
  /** Called once: the screen has ended, or an internal error ended it. */
  readonly end: (how: TuiEnd | { readonly error: unknown }) => void;
}

const none: readonly Subject[] = [];

const sameMembers = <T extends object>(a: T, b: T): boolean => (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);

/** The state of the screen, and what actions may do with it. */
export class App {
  readonly options: AppOptions;
  history: History | undefined;
  /** The latest request for completions. */
  completing: Lifetime | undefined;
  /** What is being read from disk. */
  reading: DiskReading | undefined;
  readonly typeAhead = new TypeAhead();
  readonly watchers = createWatchers();
  /** Number of keys pressed; a paste counts as one. */
  pressed = 0;
  readonly #attaching = Promise.withResolvers<Attached>();
  #attached: Attached | undefined;
  /** What the user is waiting for before there is a connection. */
  starting: string | undefined = 'Connecting';
  ended = false;
  #ui: Ui;
  #look: Look;
  #layout: { readonly size: Size; readonly wish: LayoutWish; readonly layout: Layout } | undefined;
  /** What the feeds were asked to read last. */
  #inspected: readonly Subject[] | undefined;
  readonly #freshness = createFreshness();
  readonly #logViews: LogViews;
  readonly #cards: CardReader;

  constructor(options: AppOptions) {
    this.options = options;
    this.#ui = initialUi({ ...options.settings, theme: options.theme });
    this.#look = this.#makeLook();
    this.#logViews = new LogViews(
      () => options.store.get(),
      () => options.redraw.soon(),
      (work) => this.background(work),
      (error) => this.fail(error),
    );
    this.#cards = new CardReader({
      clock: options.clock,
      show: (place, card) =>
        this.update((ui) => ({
          ...ui,
          trail: withPlace(ui.trail, 'incident', (shown) => (shown.again === place.again ? { ...shown, card } : shown)),
        })),
      background: (work) => this.background(work),
    });
  }

  get ui(): Ui {
    return this.#ui;
  }

  update(change: (ui: Ui) => Ui): void {
    const before = this.#ui;
    this.#ui = withLogOfMoment(before, withLogOfProcess(before, change(before)), this.options.store.get());
    if (this.#ui === before) return;
    if (this.#ui.theme !== before.theme) this.#look = this.#makeLook();
    // A place that is left is not read a moment longer.
    if (this.#ui.trail !== before.trail) this.#inspect(this.#frame());
    this.options.redraw.soon();
  }

  set(part: Partial<Ui>): void {
    this.update((ui) => ({ ...ui, ...part }));
  }

  get attached(): Attached | undefined {
    return this.#attached;
  }

  /** The cluster is connected. */
  attach(attached: Attached): void {
    this.#attached = attached;
    this.#attaching.resolve(attached);
    this.#inspect(this.#frame());
    this.options.redraw.soon();
  }

  whenAttached(): Promise<Attached> {
    return this.#attaching.promise;
  }

  end(how: TuiEnd | { readonly error: unknown }): void {
    if (this.ended) return;
    this.ended = true;
    this.completing?.end();
    this.stopReading();
    this.#logViews.stopCounting();
    this.options.end(how);
  }

  /** The logs on disk; undefined: nothing is kept, or a container is shown whose log is not. */
  get #kept(): KeptLines | undefined {
    return this.#frame().containerLog === undefined ? this.#attached?.feeds.logs.kept : undefined;
  }

  /** Whether lines may be on disk beyond those that are shown. */
  isMoreOnDisk(direction: 'next' | 'previous'): boolean {
    const { window } = this.#ui.log;
    return this.#kept !== undefined && (direction === 'next' ? window !== undefined : window?.from !== -Infinity);
  }

  /** Nothing happens if nothing is kept. */
  onDisk(wish: DiskWish): void {
    const kept = this.#kept;
    if (kept !== undefined) this.background(this.options.readDisk(this, kept, wish));
  }

  /** What is being read from disk is not wanted any more. */
  stopReading(): void {
    this.reading?.end();
    this.reading = undefined;
    if (this.#ui.log.reading !== undefined) this.update((ui) => ({ ...ui, log: { ...ui.log, reading: undefined } }));
  }

  /** Says why the disk cannot be read. Any other error is a defect. */
  fail(error: unknown): void {
    if (!(error instanceof Error && 'code' in error)) return this.end({ error });
    this.set({ result: { lines: [`The logs on disk cannot be read: ${sentence(error)}`], tone: 'error' } });
  }

  /** Work behind the screen: an error in it is a defect, and ends the screen instead of being lost. */
  background(work: Promise<void>): void {
    work.catch((error: unknown) => this.end({ error }));
  }

  /** The first lines of errors, from all pods; undefined while there is no connection. */
  get errors(): LogView | undefined {
    const logs = this.#attached?.feeds.logs;
    return logs === undefined ? undefined : this.#logViews.errors(logs);
  }

  /** The lines of another state of the log, once all of them are checked. */
  async ready(log: LogState): Promise<LogView | undefined> {
    const logs = this.#attached?.feeds.logs;
    return logs === undefined ? undefined : this.#logViews.ready(logs, logPods({ session: this.options.store.get(), ui: this.#ui }), log);
  }

  /** Counts what matches the search of the log on disk as well. */
  countOnDisk(): void {
    const logs = this.#attached?.feeds.logs;
    if (logs !== undefined) this.#logViews.count(logs, logPods({ session: this.options.store.get(), ui: this.#ui }), this.#ui.log);
  }

  /** The current frame, with selections that follow their objects. What is on the screen is read, and nothing else. */
  frame(): Frame {
    if (this.reading?.isWanted() === false) this.stopReading();
    // Without motion, nothing is highlighted as changed.
    if (this.options.settings.motion) this.#freshness.look(this.options.store.get(), this.options.clock.now());
    const frame = this.#frame();
    const settled = settle(frame);
    if (settled !== frame.ui) this.#ui = settled;
    const shown = settled === frame.ui ? frame : this.#frame();
    this.#inspect(shown);
    this.#cards.look(shown);
    return shown;
  }

  #frame(): Frame {
    const ui = this.#ui;
    const size = this.options.size();
    const session = this.options.store.get();
    const logs = this.#attached?.feeds.logs;
    const pods = logPods({ session, ui });
    const layout = this.#layoutOf(size, ui);
    const isSeen = layout.panels.some(({ name }) => name === 'log');
    const container = isSeen ? shownContainer({ session, ui }) : undefined;
    const containerLog = logs === undefined ? undefined : this.#logViews.container(logs, container);
    const logView = logs === undefined ? undefined : this.#logViews.shown(logs, pods, ui.log);
    return {
      session,
      ui,
      size,
      look: this.#look,
      now: this.options.clock.now(),
      keys: this.options.keys,
      starting: this.#attached === undefined ? this.starting : undefined,
      history: this.history?.lines() ?? [],
      layout,
      containerLog,
      logView,
      earlier: logs === undefined || logView === undefined || !isSeen ? undefined : this.#logViews.earlier(logs, pods, ui.log, logView),
      hits: logs === undefined ? undefined : this.#logViews.hits(logs, pods, ui.log),
      keptCount: logs === undefined ? undefined : this.#logViews.counted(logs, pods, ui.log),
      isFresh: (key) => this.#freshness.isFresh(key),
    };
  }

  #inspect(frame: Frame): void {
    // The past is what was read then.
    const subjects = frame.session.past === undefined ? subjectsShown(frame) : none;
    if (this.#attached === undefined || subjects === this.#inspected) return;
    this.#inspected = subjects;
    this.#attached.feeds.inspect(subjects);
  }

  /** The same object as long as nothing moves, so that nothing based on it is drawn again. */
  #layoutOf(size: Size, { trail, tableRows: rows }: Ui): Layout {
    const wish = layoutWish(trail, rows);
    const last = this.#layout;
    if (last !== undefined && sameMembers(last.size, size) && sameMembers(last.wish, wish)) return last.layout;
    this.#layout = { size, wish, layout: layout(size, wish) };
    return this.#layout.layout;
  }

  #makeLook(): Look {
    const { depth, ascii, settings } = this.options;
    return createLook({ theme: this.#ui.theme, depth, ascii, motion: settings.motion });
  }
}
