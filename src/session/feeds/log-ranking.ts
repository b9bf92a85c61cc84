import type { Pod } from '../types.ts';

/** A log that competes for a slot. */
export interface Contender {
  readonly pod: Pod;
  /** When the user requested it by name: the larger, the later. 0: never. */
  readonly asked: number;
}

/** The steps of one round. */
export interface Round<T extends Contender> {
  readonly start: readonly T[];
  /** They give their slots to logs of higher rank. */
  readonly stop: readonly T[];
  /** `more`: another round has to follow. A contender: it found no slot. */
  readonly rest: 'none' | 'more' | T;
}

/** Logs to start in one round: opening a connection takes a millisecond, and keys and frames must get their turn. */
const startsARound = 4;

/** Highest rank first: requested by name, then JobManagers, then the younger pod. */
export const byRank = (a: Contender, b: Contender): number =>
  b.asked - a.asked || Number(isJobManager(b)) - Number(isJobManager(a)) || (b.pod.createdAt ?? 0) - (a.pod.createdAt ?? 0);

/** Age alone does not displace a log. */
const outranks = (a: Contender, b: Contender): boolean => a.asked > b.asked || (a.asked === b.asked && isJobManager(a) && !isJobManager(b));

const isJobManager = ({ pod }: Contender): boolean => pod.role === 'jobmanager';

/** Which logs start, and which stop for them, if `places` logs may be followed at the same time. */
export function nextRound<T extends Contender>(waiting: readonly T[], followed: readonly T[], places: number): Round<T> {
  const first = foremost(waiting, startsARound);
  const last = [...followed].sort(byRank);
  const stop: T[] = [];
  let free = places - followed.length;
  for (const [index, contender] of first.entries()) {
    if (free > 0) free -= 1;
    else {
      const weakest = last.pop();
      if (weakest === undefined || !outranks(contender, weakest)) return { start: first.slice(0, index), stop, rest: contender };
      stop.push(weakest);
    }
  }
  return { start: first, stop, rest: first.length < waiting.length ? 'more' : 'none' };
}

/** The first `most` in order, without sorting the thousands after them. */
function foremost<T extends Contender>(among: readonly T[], most: number): readonly T[] {
  const first: T[] = [];
  for (const contender of among) {
    const place = first.findLastIndex((other) => byRank(other, contender) <= 0) + 1;
    if (place < most) first.splice(place, 0, contender);
    if (first.length > most) first.pop();
  }
  return first;
}
