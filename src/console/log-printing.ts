import type { LogView, Session, SessionLogs, SessionStore } from '../session/types.ts';
import type { Clock } from '../support/clock.ts';
import { late, within } from '../support/waiting.ts';
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

/** Prints the existing log, and with `follow` new lines until the session ends. Resolves once the existing log is printed. */
export async function printLog(
  pods: readonly string[] | 'all',
  follow: boolean,
  { store, logs, output, clock, signal }: LogPrinting,
): Promise<void> {
  const view = logs.view(pods, { timeline: false });
  const printNew = printer(view, output);
  const begun = await within(beginMs, { clock, signal }, (limit) =>
    store.until((session) => view.count > 0 || hasEnded(session, pods), limit),
  );
  if (begun === late) {
    output.diagnostics('The log has no lines yet, or cannot be read now.');
    if (!follow) return;
  }
  const end = clock.monotonic() + mostMs;
  let before = -1;
  while (before !== view.version && clock.monotonic() < end && !hasEnded(store.get(), pods)) {
    before = view.version;
    await clock.sleep(silenceMs, signal);
  }
  await printNew();
  if (!follow) return;
  const unsubscribe = store.subscribe(({ logs: now }, { logs: last }) => {
    if (now !== last) void printNew();
  });
  signal.addEventListener('abort', unsubscribe, { once: true });
  output.closed.addEventListener('abort', unsubscribe, { once: true });
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
