import type { Instant } from '../../support/clock.ts';
import { formatTime } from '../../support/format.ts';
import type { Session, SourceName, SourceState, SourceStatus, Target } from '../types.ts';
import { memoised } from './memo.ts';

/**
 * A server that never answered is neither lost nor stale; `partial`: some of its objects cannot be read; a deleted cluster is not waited for.
 */
export type SourceWord = SourceState | 'no answer' | 'partial' | 'deleted';

/** One source of the session, for the header and for `describe`. */
export interface SourceRow {
  readonly key: SourceName;
  /** `k8s` for the pods, which stand for the connection to the API server. */
  readonly name: string;
  readonly state: SourceState;
  /** The state in the words of the screen. */
  readonly word: SourceWord;
  readonly since: Instant;
  readonly dataAt: Instant | undefined;
  readonly nextTryAt: Instant | undefined;
  /** Why it is not live, one sentence. */
  readonly reason: string | undefined;
  readonly hint: string | undefined;
}

export interface HeaderFacts {
  readonly target: Target;
  readonly flinkVersion: string | undefined;
  readonly slotsUsed: number | undefined;
  readonly slotsTotal: number | undefined;
  readonly taskManagers: number | undefined;
  readonly stopped: boolean;
  readonly kubernetes: SourceRow | undefined;
  readonly flink: SourceRow | undefined;
  /** Permanent facts about this session that must be visible. */
  readonly marks: readonly string[];
}

const names: Partial<Record<SourceName, string>> = { pods: 'k8s', usage: 'metrics' };
const order: readonly SourceName[] = ['pods', 'flink', 'events', 'deployment', 'leader', 'usage'];

const buildRow = (key: SourceName, status: SourceStatus): SourceRow => ({
  key,
  name: names[key] ?? key,
  state: status.state,
  word: status.dataAt === undefined && (status.state === 'lost' || status.state === 'stale') ? 'no answer' : status.state,
  since: status.since,
  dataAt: status.dataAt,
  nextTryAt: status.nextTryAt,
  reason: status.problem?.message,
  hint: status.problem?.hint,
});

/** Every source: the cluster's first, in a fixed order, then the logs that are still followed, by pod. */
export const selectSources: (session: Session) => readonly SourceRow[] = memoised(
  ({ sources, logs }) => [sources, logs] as const,
  (sources, logs) => {
    const rows: SourceRow[] = [];
    for (const key of order) {
      const status = sources.get(key);
      if (status !== undefined) rows.push(buildRow(key, status));
    }
    const streams = [...sources].filter(([key]) => key.startsWith('log:') && logs.get(key.slice('log:'.length))?.ended !== true);
    streams.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, status] of streams) rows.push(buildRow(key, status));
    return rows;
  },
);

/** Log streams that are not live, by pod. */
export const selectBrokenLogs: (session: Session) => ReadonlyMap<string, SourceState> = memoised(
  ({ sources }) => [sources] as const,
  (sources) => {
    const broken = new Map<string, SourceState>();
    for (const [key, { state }] of sources)
      if (key.startsWith('log:') && (state === 'lost' || state === 'stale' || state === 'denied'))
        broken.set(key.slice('log:'.length), state);
    return broken;
  },
);

/** For the header and for the line mode: facts that a user must never forget. */
export const selectMarks = ({ readOnly, tlsUnverified, restProxied, replayed }: Target): readonly string[] =>
  replayed === true
    ? ['recording']
    : [
        ...(readOnly === true ? ['read-only'] : []),
        ...(tlsUnverified === true ? ['TLS not verified'] : []),
        ...(restProxied === true ? ['REST by services/proxy'] : []),
      ];

/** The rows of the two servers. */
const selectServers: (session: Session) => Pick<HeaderFacts, 'kubernetes' | 'flink'> = memoised(
  ({ sources, unreadable, stopped }) => [sources, unreadable.size > 0, stopped] as const,
  (sources, partial, stopped) => {
    const row = (key: SourceName): SourceRow | undefined => {
      const status = sources.get(key);
      return status === undefined ? undefined : buildRow(key, status);
    };
    const [kubernetes, flink] = [row('pods'), row('flink')];
    return {
      kubernetes: partial && kubernetes?.state === 'live' ? { ...kubernetes, word: 'partial' } : kubernetes,
      flink: flink !== undefined && stopped ? { ...flink, word: 'deleted' } : flink,
    };
  },
);

const selectShown = memoised(
  (session: Session) => [session.past, session.playing, selectServers(session)] as const,
  (past, playing, servers) => ({ past, playing, servers }),
);

export const selectHeader: (session: Session) => HeaderFacts = memoised(
  (session) => [session.target, session.overview, session.config, session.stopped, selectShown(session)] as const,
  (target, overview, config, stopped, { past, playing, servers }) => ({
    target,
    flinkVersion: overview?.flinkVersion ?? config?.flinkVersion,
    slotsUsed: overview === undefined ? undefined : overview.slotsTotal - overview.slotsAvailable,
    slotsTotal: overview?.slotsTotal,
    taskManagers: overview?.taskManagers,
    stopped,
    ...servers,
    marks: [
      ...(past === undefined ? [] : [`past ${formatTime(past)}${playing === undefined ? '' : ` at ${playing}x`}`]),
      ...selectMarks(target),
    ],
  }),
);
