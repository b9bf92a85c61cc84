import type { StreamStatus } from '../../kubernetes/model/types.ts';
import { isAbort, toProblem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { LogStore } from '../logs/log-store.ts';
import { createLogView } from '../logs/log-view.ts';
import type { ContainerOfPod, ContainerLogState } from '../log-state.ts';
import type { ContainerLog } from '../types.ts';
import type { FeedContext } from './context.ts';

/** How many lines to start with. */
const tailLines = 2_000;

/** The log of a container beside that of Flink, read until it is disposed. It has lines of its own: nothing of it stays. */
export function containerLog(context: FeedContext, { pod, container }: ContainerOfPod, changed: () => void): ContainerLog {
  const { kubernetes, store: session, target, clock, signal } = context;
  const lines = new LogStore();
  lines.readBy(session.get().logPatterns);
  lines.open(pod);
  const reading = lifetime(signal);
  let state: ContainerLogState = { kind: 'connecting' };
  const become = (next: ContainerLogState): void => {
    state = next;
    if (!reading.signal.aborted) changed();
  };
  const request = { namespace: target.namespace, pod, container, tailLines };
  kubernetes
    .followLog(
      request,
      {
        lines(news) {
          lines.append(pod, news);
          changed();
        },
        status: (status) => become(stateOf(status)),
      },
      reading.signal,
    )
    .catch((error: unknown) => {
      if (!isAbort(error)) become({ kind: 'broken', reason: toProblem(error).message });
    });
  return {
    pod,
    container,
    get state() {
      return state;
    },
    view: (options) => createLogView({ store: lines, session: session.get, clock, pods: [pod], timeline: true, ...options }),
    [Symbol.dispose]: reading.end,
  };
}

function stateOf(status: StreamStatus | { readonly state: 'ended' }): ContainerLogState {
  switch (status.state) {
    case 'connecting':
      return { kind: 'connecting' };
    case 'ended':
      return { kind: 'ended' };
    case 'lost':
    case 'denied':
      return { kind: 'broken', reason: status.problem.message };
    default:
      return { kind: 'following' };
  }
}
