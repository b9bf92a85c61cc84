import { isAbort, toProblem } from '../../support/problem.ts';
import { lifetime, wakerWithMemory, type Lifetime, type Waker } from '../../support/waiting.ts';
import { everyOf, type Facts, type Inspection, inspectionOf, keyOf, readSubject, type Subject } from '../inspections/inspections.ts';
import type { ReadContext } from '../inspections/inspection.ts';
import type { FeedContext } from './context.ts';
import { slowestMs, tempoOf } from './tempo.ts';

export interface InspectionsFeed {
  /** Resolves once nothing is read any more, after the session has ended. */
  idle(): Promise<void>;
  /** Reads these subjects from now on, and no others: one that is left is not asked for a moment longer. */
  inspect(subjects: readonly Subject[]): void;
  refresh(): void;
  setFocus(focused: boolean): void;
}

interface Reading extends Lifetime {
  /** What is asked for the next time: how much of a subject is on the screen may change. */
  subject: Subject;
  /** The user asks for it now. */
  urgent: boolean;
  readonly pause: Waker;
}

/** Polls the subjects that are looked at, each at the interval of the server. */
export function inspectionsFeed(context: FeedContext, logs: ReadContext<Facts>['logs']): InspectionsFeed {
  const readings = new Map<string, Reading>();
  /** Also those that were left a moment ago, until they have ended. */
  const running = new Set<Promise<void>>();
  let focused = true;

  const begin = (subject: Subject): Reading => {
    const life = lifetime(context.signal);
    const pause = wakerWithMemory(context.clock);
    const interval = (): number => tempoOf(context.store.get().config?.refreshIntervalMs, focused) * everyOf(subject);
    const reading: Reading = { ...life, subject, urgent: false, pause };
    const done = readOn(reading, { ...context, logs }, interval)
      .catch((error: unknown) => {
        // It was left, or the session has ended.
        if (!life.signal.aborted) throw error;
      })
      .finally(() => running.delete(done));
    running.add(done);
    return reading;
  };

  const wake = (urgent: boolean): void => {
    for (const reading of readings.values()) {
      reading.urgent ||= urgent;
      reading.pause.wake();
    }
  };

  return {
    async idle() {
      await Promise.all(running);
    },
    inspect(subjects) {
      const wanted = new Map(subjects.map((subject) => [keyOf(subject), subject]));
      for (const [key, reading] of readings) {
        if (wanted.has(key)) continue;
        reading.end();
        readings.delete(key);
      }
      for (const [key, subject] of wanted) {
        const reading = readings.get(key);
        if (reading === undefined) readings.set(key, begin(subject));
        else reading.subject = subject;
      }
    },
    refresh: () => wake(true),
    setFocus(next) {
      if (next && !focused) wake(false);
      focused = next;
    },
  };
}

/** Reads a subject until it is left. */
async function readOn(
  reading: Reading,
  { store, flink, clock, queue, logs }: FeedContext & Pick<ReadContext<Facts>, 'logs'>,
  interval: () => number,
): Promise<void> {
  const { pause, signal } = reading;
  for (;;) {
    const { subject, urgent } = reading;
    reading.urgent = false;
    const asked = clock.monotonic();
    const before = inspectionOf(store.get(), subject);
    let wait = 0;
    let next: Inspection;
    try {
      const facts: Facts = await readSubject(subject, { flink, logs, clock, signal, urgent, before: before?.facts });
      next = { subject, facts, readAt: clock.now(), problem: undefined } as Inspection;
    } catch (error) {
      if (isAbort(error)) throw error;
      const { message, hint, retryAfterMs } = toProblem(error);
      wait = Math.min(slowestMs, retryAfterMs ?? 0);
      next = { subject, facts: before?.facts, readAt: before?.readAt, problem: { message, hint } } as Inspection;
    }
    signal.throwIfAborted();
    queue.tell({ kind: 'inspection', at: clock.now(), inspection: next });
    // Measured from request to request, and never without a pause.
    await pause.sleep(Math.max(wait, interval() / 2, interval() - (clock.monotonic() - asked)), signal);
  }
}
