import type { LogLine } from '../../kubernetes/model/types.ts';
import type { Clock } from '../../support/clock.ts';
import { isAbort, toProblem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import type { ContainerLogState, ContainerOfPod } from '../log-state.ts';
import type { ContainerLog, Session } from '../types.ts';
import { LogStore } from './log-store.ts';
import { createLogView } from './log-view.ts';

interface SeparateLogOptions {
  readonly session: () => Session;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** There are new lines, or the state is another one. */
  readonly changed: () => void;
}

/** What reads the log. */
interface Reading {
  append(lines: readonly LogLine[]): void;
  become(state: ContainerLogState): void;
  readonly signal: AbortSignal;
}

/** The log of a container beside those of the session, read until it is disposed. It has lines of its own: nothing of it stays. */
export function separateLog(
  { pod, container }: ContainerOfPod,
  { session, clock, signal, changed }: SeparateLogOptions,
  read: (reading: Reading) => Promise<void>,
): ContainerLog {
  const lines = new LogStore();
  lines.readBy(session().logPatterns);
  lines.open(pod);
  const reading = lifetime(signal);
  let state: ContainerLogState = { kind: 'connecting' };
  const become = (next: ContainerLogState): void => {
    state = next;
    if (!reading.signal.aborted) changed();
  };
  const append = (news: readonly LogLine[]): void => {
    lines.append(pod, news);
    changed();
  };
  read({ append, become, signal: reading.signal }).catch((error: unknown) => {
    if (!isAbort(error)) become({ kind: 'broken', reason: toProblem(error).message });
  });
  return {
    pod,
    container,
    get state() {
      return state;
    },
    view: (options) => createLogView({ store: lines, session, clock, pods: [pod], timeline: true, ...options }),
    [Symbol.dispose]: reading.end,
  };
}
