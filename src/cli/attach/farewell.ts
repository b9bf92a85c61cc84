import type { Operation, Session } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Instant } from '../../support/clock.ts';
import type { AttachRequest } from './attach-request.ts';
import { clusterIdOf } from './early-target.ts';

type Seen = Pick<Session, 'target' | 'podsKnown' | 'jobsKnown' | 'operations'>;

/** How a screen or a line mode ended. */
export type Ending = 'quit' | 'stopped' | 'interrupted' | 'switched';

/**
 * The last lines on the terminal: the state of the cluster, each savepoint since `begun`, and the open operations with how to find them
 * again.
 */
export function farewell(request: AttachRequest, how: Ending, session: Seen, begun: Instant): readonly string[] {
  return [
    ...savepointLines(session, begun),
    ...openLines(session),
    how === 'stopped'
      ? stopped(session)
      : how === 'switched'
        ? `Left ${session.target.clusterId}; it keeps running.`
        : detached(request, session),
  ];
}

/** The path of each savepoint completed since `begun`: the screen that showed it is gone. */
export const savepointLines = ({ operations }: Pick<Session, 'operations'>, begun: Instant): readonly string[] =>
  operations.flatMap(({ kind, state, endedAt, title, result }) =>
    (kind === 'savepoint' || kind === 'stop-job' || kind === 'restart') &&
    state === 'succeeded' &&
    result !== undefined &&
    (endedAt ?? 0) >= begun
      ? [`${oneLine(title)}: ${result}`]
      : [],
  );

/** The operations that have not ended, and where their results will be found. */
export const openLines = ({ operations, target }: Pick<Session, 'operations' | 'target'>): readonly string[] =>
  operations.filter(({ state }) => state === 'running').map((operation) => `${oneLine(operation.title)} ${whereToFind(operation, target)}`);

function whereToFind({ kind, unsent }: Operation, { clusterId, namespace }: Session['target']): string {
  if (unsent === true) return 'was not sent.';
  switch (kind) {
    // The server completes these, and the journal has their trigger ids.
    case 'savepoint':
    case 'stop-job':
    case 'checkpoint':
      return `continues in the cluster: drey operations ${clusterId} lists it, attaching again finds its result.`;
    case 'stop':
      return `was requested: drey pods ${clusterId} -n ${namespace} shows what is left.`;
    case 'cancel':
      return `was requested: drey jobs ${clusterId} -n ${namespace} shows how it ended.`;
    case 'submit':
      return `was not finished: drey jobs ${clusterId} -n ${namespace} shows whether the job runs.`;
    case 'restart':
      return `was not finished: drey resume ${clusterId} -n ${namespace} continues it.`;
    case 'rescale':
      return `was requested: drey rescale ${clusterId} -n ${namespace} JOB shows how it stands.`;
    case 'log-level':
      return `was left: drey loglevel ${clusterId} -n ${namespace} shows what holds, and with --undo takes it back.`;
    case 'dispose':
    case 'other':
      return 'was not finished.';
  }
}

/** Says that the cluster is gone, and what is left of it, which the operation knows. */
function stopped({ target: { clusterId }, operations }: Seen): string {
  const last = operations.findLast(({ kind, state }) => kind === 'stop' && state === 'succeeded');
  return `Stopped ${clusterId}.${last?.result === undefined ? '' : ` ${last.result.charAt(0).toUpperCase()}${last.result.slice(1)}.`}`;
}

/** Says that the cluster keeps running, if it was ever seen, and how to attach again. */
function detached(request: AttachRequest, { target, podsKnown, jobsKnown }: Seen): string {
  if (request.sandbox) return 'Detached. The sandbox has ended; npm start or drey attach --sandbox makes a new one.';
  const id = clusterIdOf(request);
  const context = request.connection.context === undefined ? '' : ` --context ${request.connection.context}`;
  const namespace = target.namespace === '' ? '' : ` -n ${target.namespace}`;
  const fate = podsKnown || jobsKnown ? `Detached. ${id} still runs` : `Detached. Whether ${id} runs was not seen`;
  return `${fate}; attach again with: drey attach ${id}${namespace}${context}`;
}
