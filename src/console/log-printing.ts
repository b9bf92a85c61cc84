import type { LogView, Session, SessionLogs, SessionStore } from '../session/types.ts';
import type { Clock } from '../support/clock.ts';
import { abortError, late, within } from '../support/waiting.ts';
import type { LineOutput } from './line-output.ts';

/** How long a log may take to begin, and how long it has to be silent before it counts as printed. */
const beginMs = 5_000;
const silenceMs = 500;
/** A log that never falls silent is printed for this long. */
const mostMs = 10_000;

export interface LogPrinting {
  readonly store: SessionStore;
  readonly logs: SessionLogs;
  readonly output: LineOutput;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The logs to print: of pods, or of one container of a pod. */
export interface PrintedLogs {
  readonly pods: readonly string[] | 'all';
  readonly container: string | undefined;
}

/** Where lines come from. */
interface LineSource extends Disposable {
  readonly view: LogView;
  ended(): boolean;
  /** Why it cannot be read; undefined: it can, or that is told elsewhere. */
  problem(): string | undefined;
  /** Calls back for news until the returned function is called. */
  onNews(listener: () => void): () => void;
}

/** Prints the existing log, and with `follow` new lines until the session ends. Resolves once the existing log is printed. */
export async function printLog(printed: PrintedLogs, follow: boolean, { store, logs, output, clock, signal }: LogPrinting): Promise<void> {
  const source = sourceOf(printed, store, logs);
  const { view } = source;
  const printNew = printer(view, output);
  const begun = await within(beginMs, { clock, signal }, (limit) => hasBegun(source, limit));
  if (begun === late) {
    output.diagnostics('The log has no lines yet, or cannot be read now.');
    if (!follow) return source[Symbol.dispose]();
  }
  const end = clock.monotonic() + mostMs;
  let before = -1;
  while (before !== view.version && clock.monotonic() < end && !source.ended()) {
    before = view.version;
    await clock.sleep(silenceMs, signal);
  }
  await printNew();
  const problem = source.problem();
  if (problem !== undefined) output.diagnostics(problem);
  if (!follow) return source[Symbol.dispose]();
  const unsubscribe = source.onNews(() => void printNew());
  const stop = (): void => {
    unsubscribe();
    source[Symbol.dispose]();
  };
  signal.addEventListener('abort', stop, { once: true });
  output.closed.addEventListener('abort', stop, { once: true });
}

function sourceOf({ pods, container }: PrintedLogs, store: SessionStore, logs: SessionLogs): LineSource {
  const [pod] = pods;
  if (container === undefined || pods === 'all' || pod === undefined) {
    const view = logs.view(pods, { timeline: false });
    return {
      view,
      // The log of a pod that is gone has ended before it is read from disk.
      ended: () => view.reading !== true && hasEnded(store.get(), pods),
      problem: () => undefined,
      onNews: (listener) =>
        store.subscribe(({ logs: now }, { logs: last }) => {
          if (now !== last) listener();
        }),
      [Symbol.dispose]() {},
    };
  }
  const listeners = new Set<() => void>();
  const log = logs.container({ pod, container }, () => listeners.forEach((each) => each()));
  return {
    view: log.view({ timeline: false }),
    ended: () => log.state.kind === 'ended' || log.state.kind === 'broken',
    problem: () => (log.state.kind === 'broken' ? log.state.reason : undefined),
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}

function hasBegun({ view, ended, onNews }: LineSource, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (view.count > 0 || ended()) leave(resolve);
    };
    const abort = (): void => leave(() => reject(abortError(signal)));
    const unsubscribe = onNews(look);
    const leave = (settle: () => void): void => {
      unsubscribe();
      signal.removeEventListener('abort', abort);
      settle();
    };
    signal.addEventListener('abort', abort, { once: true });
    look();
  });
}

function hasEnded({ logs }: Session, pods: readonly string[] | 'all'): boolean {
  return pods !== 'all' && pods.every((pod) => logs.get(pod)?.ended === true);
}

/**
 * Each call prints the lines since the last one. Lines are counted from the very first, including dropped ones. While the reader pauses,
 * nothing is printed: the log keeps what it can, and the rest is counted.
 */
function printer(view: LogView, output: LineOutput): () => Promise<void> {
  let next = 0;
  let printing = false;
  return async () => {
    if (printing) return;
    printing = true;
    while (next < view.dropped + view.count) {
      if (next < view.dropped) {
        output.diagnostics(`${view.dropped - next} older lines are no longer kept.`);
        next = view.dropped;
        continue;
      }
      const line = view.line(next - view.dropped);
      next += 1;
      if (line !== undefined) output.results(line.text);
      if (output.full()) await output.flush();
    }
    // Right after the last look: a line that arrives later triggers another call.
    printing = false;
  };
}
