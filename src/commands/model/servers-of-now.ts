import type { Session, SessionStore } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { formatTime } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import type { CommandContext } from './types.ts';

export type Servers = Pick<CommandContext, 'flink' | 'kubernetes' | 'cluster'>;

/** Whoever can do without the answer goes on without it, as for any other problem of a server. */
export const notRecorded = (past: Instant, { replayed }: Session['target']): Problem =>
  replayed === true
    ? new Problem('conflict', 'This was not recorded, and a recording has no cluster that could be asked.')
    : new Problem('conflict', `This was not recorded: the cluster only knows how it is now, and the screen shows ${formatTime(past)}.`, {
        hint: 'live returns to now.',
      });

/**
 * The same servers, which are not asked while the past is shown: they only know how it is now. What a command needs of them is then not
 * recorded; no command has to think of it.
 */
export function serversOfNow({ flink, kubernetes, cluster }: Servers, store: Pick<SessionStore, 'get'>): Servers {
  const guarded = <T extends object>(server: T): T =>
    new Proxy(server, {
      get(target, name): unknown {
        const member: unknown = Reflect.get(target, name);
        if (typeof member === 'object' && member !== null) return guarded(member);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          const { past, target: of } = store.get();
          if (past !== undefined) throw notRecorded(past, of);
          return Reflect.apply(member, target, args);
        };
      },
    });
  return { flink: guarded(flink), kubernetes: guarded(kubernetes), cluster: guarded(cluster) };
}
