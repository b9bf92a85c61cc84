import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContainerOfPod } from '../../session/log-state.ts';
import type { ContainerLog, EarlierLines, KeptWindow, LogView, Session, SessionLogs, ViewOptions } from '../../session/types.ts';
import type { KeptCount } from './kept-count.ts';
import { OnDisk } from './on-disk.ts';
import { isError, wantedLines, wantedOnDisk } from './wanted-lines.ts';
import { timelineKinds, type LogState, type LogTemplate } from './ui.ts';

const rangeKey = ({ range }: LogState): string => (range === undefined ? '' : `${range.since}-${range.until}`);

/** Marked lines matter only to a log that leaves lines out. */
const marksKey = ({ filter, level, template, marked }: LogState): string =>
  filter === undefined && level === undefined && template === undefined
    ? ''
    : marked.map(({ at, pod, text }) => `${at} ${pod} ${text}`).join('\n');

const templateKey = ({ pattern: { level, exception, words } }: LogTemplate): string => `${level} ${exception} ${words.join(' ')}`;

interface Asked {
  readonly key: string;
  readonly window: KeptWindow | undefined;
  readonly view: LogView;
}

/** Which logs are shown: those of pods, or undefined for all that are followed. */
type LogNames = readonly string[] | undefined;

const named = (pods: LogNames): string => (pods === undefined ? '*' : pods.join(' '));

/** The part of the logs on disk that is shown of these pods. */
const windowOn = ({ window }: LogState, pods: LogNames): KeptWindow | undefined =>
  window !== undefined && named(window.pods === 'all' ? undefined : window.pods) === named(pods) ? window : undefined;

/** Lines above the lowest one that may be on the screen, folded ones among them. */
const nearFirst = 1_000;

/** Checks all lines of a view, a portion per turn. */
async function lookThrough(view: LogView): Promise<void> {
  while (view.pending > 0) {
    view.advance();
    await nextTurn();
  }
}

/** The content of the log: its lines, the matches of a search among them, and the errors of all pods. Rebuilt only if that changes. */
export class LogViews {
  readonly #session: () => Session;
  /** Called when something was found that may be visible. */
  readonly #found: () => void;
  readonly #background: (work: Promise<void>) => void;
  #container: ContainerLog | undefined;
  /** Of the past, at which the container is looked at. */
  #moment: number | undefined;
  #shown: Asked | undefined;
  #hits: Asked | undefined;
  #errors: Asked | undefined;
  /** What may be shown next. */
  #ready: Asked | undefined;
  readonly #onDisk: OnDisk;
  readonly #catchingUp = new WeakSet<LogView>();

  /** `failed`: the disk cannot be read. */
  constructor(session: () => Session, found: () => void, background: (work: Promise<void>) => void, failed: (error: unknown) => void) {
    this.#session = session;
    this.#found = found;
    this.#background = background;
    this.#onDisk = new OnDisk({ found, background, failed });
  }

  /** The log of a container that is not Flink's is read while it is looked at, and no longer. */
  container(logs: SessionLogs, which: ContainerOfPod | undefined): ContainerLog | undefined {
    const now = this.#container;
    if (now?.pod === which?.pod && now?.container === which?.container && this.#moment === logs.moment) return now;
    now?.[Symbol.dispose]();
    this.#moment = logs.moment;
    this.#shown = undefined;
    this.#hits = undefined;
    this.#container = which === undefined ? undefined : logs.container(which, this.#found);
    return this.#container;
  }

  /** `search`: only what matches it. */
  #view(logs: SessionLogs, pods: LogNames, log: LogState, search: LogState['search']): LogView {
    const timeline = timelineKinds.filter((kind) => log.timeline[kind]);
    const options: ViewOptions = { timeline, until: this.#session().past, wanted: wantedLines(this.#session, logs.reader, log, search) };
    if (this.#container !== undefined) return this.#container.view(options);
    return windowOn(log, pods)?.view(options) ?? logs.view(pods ?? 'all', options);
  }

  #shownKey(logs: Pick<SessionLogs, 'moment'>, pods: LogNames, log: LogState): string {
    const timeline = timelineKinds.filter((kind) => log.timeline[kind]);
    const { filter, raw, level, template } = log;
    const { logPatterns, past: until } = this.#session();
    return `${logs.moment ?? until ?? ''} ${named(pods)} ${logPatterns.join()} ${timeline.join()} ${level ?? ''} ${template === undefined ? '' : templateKey(template)} ${filter === undefined ? '' : `${raw} ${log.zone} ${filter.text}`} ${rangeKey(log)} ${marksKey(log)}`;
  }

  #hitsKey(logs: Pick<SessionLogs, 'moment'>, pods: LogNames, log: LogState): string {
    return `${this.#shownKey(logs, pods, log)} ${log.raw} ${log.zone} ${log.search?.text}`;
  }

  /** `pods`: undefined for all followed pods. */
  shown(logs: SessionLogs, pods: LogNames, log: LogState): LogView {
    const key = this.#shownKey(logs, pods, log);
    const window = windowOn(log, pods);
    if (this.#shown?.key !== key || this.#shown.window !== window) {
      // Requested by name: followed even if not all pods can be.
      for (const pod of pods ?? []) logs.follow(pod);
      const isReady = this.#ready?.key === key && this.#ready.window === window;
      this.#shown = isReady ? this.#ready : { key, window, view: this.#view(logs, pods, log, undefined) };
      this.#ready = undefined;
    }
    const { view } = this.#shown as Asked;
    this.#catchUp(view);
    return view;
  }

  /** The lines as they would be shown, once all of them are checked: they are shown at once if the log becomes so. */
  async ready(logs: SessionLogs, pods: LogNames, log: LogState): Promise<LogView> {
    const asked: Asked = {
      key: this.#shownKey(logs, pods, log),
      window: windowOn(log, pods),
      view: this.#view(logs, pods, log, undefined),
    };
    this.#ready = asked;
    await lookThrough(asked.view);
    return asked.view;
  }

  /** The displayed lines that match the search; undefined without a search. */
  hits(logs: SessionLogs, pods: LogNames, log: LogState): LogView | undefined {
    if (log.search === undefined) {
      this.#onDisk.stopCounting();
      return undefined;
    }
    const key = this.#hitsKey(logs, pods, log);
    const window = windowOn(log, pods);
    if (this.#hits?.key !== key) this.#onDisk.stopCounting();
    if (this.#hits?.key !== key || this.#hits.window !== window)
      this.#hits = { key, window, view: this.#view(logs, pods, log, log.search) };
    this.#catchUp(this.#hits.view);
    return this.#hits.view;
  }

  /** Counts what matches the search on disk as well. */
  count(logs: SessionLogs, pods: LogNames, log: LogState): void {
    const { kept } = logs;
    if (kept === undefined || log.search === undefined || this.#container !== undefined) return;
    const key = this.#hitsKey(logs, pods, log);
    const held = (): LogView => this.#view(logs, pods, { ...log, window: undefined }, log.search);
    const wanted = { pods: pods ?? 'all', ...wantedOnDisk(this.#session, logs.reader, log, log.search) } as const;
    this.#onDisk.count(key, held, (signal) => kept.moments({ ...wanted, signal }));
  }

  stopCounting(): void {
    this.#onDisk.stopCounting();
  }

  /** Undefined: what is on disk is not counted, or nothing is there. */
  counted(logs: SessionLogs, pods: LogNames, log: LogState): KeptCount | undefined {
    return log.search === undefined ? undefined : this.#onDisk.counted(this.#hitsKey(logs, pods, log));
  }

  /** What lies before the first line, if that one is looked at or nearly so; undefined: it is not known. */
  earlier(logs: SessionLogs, pods: LogNames, log: LogState, view: LogView): EarlierLines | undefined {
    if (this.#container !== undefined || log.window !== undefined) return undefined;
    const lowest = log.anchor ?? view.dropped + view.count;
    if (lowest - view.dropped > nearFirst) return undefined;
    return this.#onDisk.earlier(`${logs.moment ?? ''} ${named(pods)}`, `${view.line(0)?.at}`, () => logs.earlier(pods ?? 'all'));
  }

  /** The first lines of errors, from all pods. */
  errors(logs: SessionLogs): LogView {
    const { logPatterns, past: until } = this.#session();
    const key = `${logs.moment ?? until ?? ''} ${logPatterns.join()}`;
    if (this.#errors?.key !== key)
      this.#errors = {
        key,
        window: undefined,
        view: logs.view('all', { timeline: false, until, wanted: isError }),
      };
    return this.#errors.view;
  }

  /** Checks all lines, a portion per turn, so that keys get their turn. */
  #catchUp(view: LogView): void {
    if (view.pending === 0 || this.#catchingUp.has(view)) return;
    this.#catchingUp.add(view);
    this.#background(this.#lookAtAll(view).finally(() => this.#catchingUp.delete(view)));
  }

  async #lookAtAll(view: LogView): Promise<void> {
    while (view.pending > 0 && (view === this.#shown?.view || view === this.#hits?.view)) {
      view.advance();
      this.#found();
      await nextTurn();
    }
  }
}
