import type { StreamStatus } from '../../kubernetes/model/types.ts';
import type { ContainerLogState, ContainerOfPod } from '../log-state.ts';
import { separateLog } from '../logs/separate-log.ts';
import type { ContainerLog } from '../types.ts';
import type { FeedContext } from './context.ts';

/** How many lines to start with. */
const tailLines = 2_000;

/** The log of a container beside that of Flink, followed until it is disposed. */
export function containerLog(context: FeedContext, of: ContainerOfPod, changed: () => void): ContainerLog {
  const { kubernetes, store, target, clock, signal } = context;
  return separateLog(of, { session: store.get, clock, signal, changed }, ({ append, become, signal: until }) =>
    kubernetes.followLog(
      { namespace: target.namespace, ...of, tailLines },
      { lines: append, status: (status) => become(stateOf(status)) },
      until,
    ),
  );
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
