import { type KnownNames, plainWords } from '../../inside/log/plain-words.ts';
import { memoised } from '../selectors/memo.ts';
import type { LogReader, Session } from '../types.ts';
import type { LogStore } from './log-store.ts';

/** What the ids in the logs of a session stand for. */
export const knownNames: (session: Session) => KnownNames = memoised(
  ({ jobs, lostJobs, target }) => [jobs, lostJobs, target.clusterId] as const,
  (jobs, lostJobs, clusterId) => ({
    clusterId,
    jobs: new Map([...lostJobs.map(({ job }) => job), ...jobs].map(({ id, name }) => [id, name])),
  }),
);

/** Reads lines as the cluster's logging files say they are written, and says them in the names of the session. */
export const logReader = (store: LogStore, session: () => Session): LogReader => ({
  head: (line) => store.read(line),
  plainWords: (message) => plainWords(message, knownNames(session())),
});
