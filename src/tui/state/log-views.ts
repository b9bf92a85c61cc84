import { setImmediate as nextTurn } from 'node:timers/promises';
import { isOfTemplate } from '../../session/logs/template-filter.ts';
import { isAtLeast } from '../../session/logs/level-names.ts';
import { selectTroubledPods } from '../../session/selectors/pods.ts';
import type { ContainerOfPod } from '../../session/log-state.ts';
import type { ContainerLog, LogView, Session, SessionLogs, ViewLine, ViewOptions } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { matches, type TextFilter } from './filter.ts';
import { isMarked } from './log-marks.ts';
import { briefName } from '../../native/pod-names.ts';
import { shownText } from './log-text.ts';
import { timelineKinds, type LogState, type LogTemplate } from './ui.ts';

const timelineLevels = { info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

const levelOf = ({ level, timeline }: ViewLine): ViewLine['level'] => (timeline === undefined ? level : timelineLevels[timeline.severity]);

export const shortNameOf = ({ pods, gone }: Pick<Session, 'pods' | 'gone'>, pod: string): string =>
  pods.get(pod)?.shortName ?? gone.findLast(({ name }) => name === pod)?.shortName ?? pod;

/** The names of pods next to their lines. */
export function briefNames(session: () => Session): (pod: string) => string {
  const names = new Map<string, string>();
  return (pod) => {
    let name = names.get(pod);
    if (name === undefined) {
      name = briefName(shortNameOf(session(), pod), selectTroubledPods(session()).masters.length > 1);
      names.set(pod, name);
    }
    return name;
  };
}

const rangeKey = ({ range }: LogState): string => (range === undefined ? '' : `${range.since}-${range.until}`);

const isWithin = (range: LogState['range'], at: Instant): boolean =>
  range === undefined || (at >= (range.since ?? Number.NEGATIVE_INFINITY) && at <= (range.until ?? Number.POSITIVE_INFINITY));

/** Marked lines matter only to a log that leaves lines out. */
const marksKey = ({ filter, level, template, marked }: LogState): string =>
  filter === undefined && level === undefined && template === undefined
    ? ''
    : marked.map(({ at, pod, text }) => `${at} ${pod} ${text}`).join('\n');

const templateKey = ({ pattern: { level, exception, words } }: LogTemplate): string => `${level} ${exception} ${words.join(' ')}`;

interface Asked {
  readonly key: string;
  readonly view: LogView;
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
  readonly #catchingUp = new WeakSet<LogView>();

  constructor(session: () => Session, found: () => void, background: (work: Promise<void>) => void) {
    this.#session = session;
    this.#found = found;
    this.#background = background;
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

  #view(logs: SessionLogs, pods: readonly string[] | undefined, options: ViewOptions): LogView {
    return this.#container === undefined ? logs.view(pods ?? 'all', options) : this.#container.view(options);
  }

  /** `pods`: undefined for all followed pods. */
  shown(logs: SessionLogs, pods: readonly string[] | undefined, log: LogState): LogView {
    const timeline = timelineKinds.filter((kind) => log.timeline[kind]);
    const { filter, raw, level, template } = log;
    const { logPatterns, past: until } = this.#session();
    const key = `${logs.moment ?? until ?? ''} ${pods === undefined ? '*' : pods.join(' ')} ${logPatterns.join()} ${timeline.join()} ${level ?? ''} ${template === undefined ? '' : templateKey(template)} ${filter === undefined ? '' : `${raw} ${log.zone} ${filter.text}`} ${rangeKey(log)} ${marksKey(log)}`;
    if (this.#shown?.key !== key) {
      // Requested by name: followed even if not all pods can be.
      for (const pod of pods ?? []) logs.follow(pod);
      this.#shown = { key, view: this.#view(logs, pods, { timeline, until, wanted: this.#wanted(logs, log, undefined) }) };
    }
    this.#catchUp(this.#shown.view);
    return this.#shown.view;
  }

  /** The displayed lines that match the search; undefined without a search. */
  hits(logs: SessionLogs, pods: readonly string[] | undefined, log: LogState): LogView | undefined {
    const { search, raw } = log;
    if (search === undefined) return undefined;
    const key = `${this.#shown?.key ?? ''} ${raw} ${log.zone} ${search.text}`;
    if (this.#hits?.key !== key) {
      const timeline = timelineKinds.filter((kind) => log.timeline[kind]);
      const { past: until } = this.#session();
      this.#hits = { key, view: this.#view(logs, pods, { timeline, until, wanted: this.#wanted(logs, log, search) }) };
    }
    this.#catchUp(this.#hits.view);
    return this.#hits.view;
  }

  /** The first lines of errors, from all pods. */
  errors(logs: SessionLogs): LogView {
    const { logPatterns, past: until } = this.#session();
    const key = `${logs.moment ?? until ?? ''} ${logPatterns.join()}`;
    if (this.#errors?.key !== key)
      this.#errors = {
        key,
        view: logs.view('all', { timeline: false, until, wanted: ({ level, begins }) => level === 'ERROR' && begins === true }),
      };
    return this.#errors.view;
  }

  /** Lines of the time that is shown that pass the filter, the level and the template, or are marked; of those, what matches the search. */
  #wanted(logs: SessionLogs, log: LogState, search: LogState['search']): ((line: ViewLine) => boolean) | undefined {
    const { level, raw, filter, template, marked, range, zone } = log;
    if (level === undefined && filter === undefined && template === undefined && search === undefined && range === undefined)
      return undefined;
    const nameOf = briefNames(this.#session);
    const reader = raw ? undefined : logs.reader;
    const finds = (pattern: TextFilter | undefined, line: ViewLine): boolean =>
      pattern === undefined || matches(pattern, shownText(line, reader, nameOf, zone));
    const belongs = template === undefined ? undefined : isOfTemplate(template.pattern, logs.reader);
    const passes = (line: ViewLine): boolean =>
      (level === undefined || isAtLeast(levelOf(line), level)) && belongs?.(line) !== false && finds(filter, line);
    return (line) => isWithin(range, line.at) && (passes(line) || isMarked(marked, line)) && finds(search, line);
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
