import { EVENTS } from '../../kubernetes/model/resources.ts';
import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import { messageOf, seenAt, timesSeen, warningOf } from '../../native/events.ts';
import type { EventObject } from '../../native/objects.ts';
import { belongsTo, roleOfName, shortNameOf } from '../../native/pod-names.ts';
import { timelineEntry } from '../draft.ts';
import type { TimelineEntry, Warning } from '../types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { FeedContext } from './context.ts';
import { sourceReporter, supervise } from './source-status.ts';

interface EventFact {
  readonly uid: string;
  readonly count: number;
  readonly line: TimelineEntry;
  readonly warning: Warning | undefined;
}

/** The changes of the pods themselves report these. */
const repeats = new Set(['Scheduled', 'Pulled', 'Created', 'Started', 'SuccessfulCreate']);
const grave = new Set(['Failed', 'OOMKilling', 'Evicted', 'FailedCreate', 'FailedCreatePodContainer']);

/** How many events of the past hour to show when a session begins. */
const historyLimit = 200;
/** A repeating event is shown at most this often. */
const repeatMs = 60_000;

/** Turns events of the namespace that are about the cluster into entries of the timeline. */
export function eventsFeed({ kubernetes, store, target, queue, clock, signal }: FeedContext): Promise<void> {
  const source = sourceReporter('events', queue, clock);
  /** The count and the time of an event when it was last shown. */
  const told = new Map<string, { readonly count: number; readonly at: number }>();
  let history: EventFact[] | undefined = [];
  let listed = new Set<string>();

  const project = (raw: KubernetesObject): EventFact | undefined => {
    const event = raw as EventObject;
    const { kind = '', name = '' } = event.involvedObject ?? {};
    const { pods } = store.get();
    if (!(pods.has(name) || belongsTo(target.clusterId, name)) || repeats.has(event.reason ?? '')) return undefined;
    const count = timesSeen(event);
    const at = seenAt(event, clock.now());
    const severity = event.type !== 'Warning' ? 'info' : grave.has(event.reason ?? '') ? 'error' : 'warn';
    const { clusterId } = target;
    const podName = () => pods.get(name)?.shortName ?? shortNameOf(name, roleOfName(name, clusterId), clusterId);
    const shortName = kind === 'Pod' ? podName() : oneLine(name);
    const times = count > 1 ? `, ${count} times` : '';
    const text = `${kind.toLowerCase()} ${shortName}: ${oneLine(messageOf(event) ?? '', 240)} (${oneLine(event.reason ?? 'no reason', 40)}${times})`;
    const line = timelineEntry(at, 'k8s', severity, kind === 'Pod' ? name : undefined, text);
    return { uid: event.metadata?.uid ?? `${name}/${event.reason}`, count, warning: warningOf(event, clock.now()), line };
  };

  const tell = (facts: readonly (EventFact | undefined)[]): void => {
    const { deployment } = store.get();
    for (const fact of facts) {
      // Events before the creation of the Deployment belong to an earlier cluster of this name.
      if (fact === undefined || fact.line.at < (deployment?.createdAt ?? 0)) continue;
      if (fact.warning !== undefined) queue.tell({ kind: 'warning', at: clock.now(), warning: fact.warning });
      const before = told.get(fact.uid);
      if (before !== undefined && (fact.count <= before.count || fact.line.at - before.at < repeatMs)) continue;
      told.set(fact.uid, { count: fact.count, at: fact.line.at });
      queue.tell({ kind: 'timeline', at: clock.now(), line: fact.line });
    }
  };

  const tellHistory = async (past: readonly EventFact[]): Promise<void> => {
    await store.until(
      ({ deployment, sources }) => deployment !== undefined || (sources.get('deployment')?.state ?? 'connecting') !== 'connecting',
      signal,
    );
    for (const { uid, count, line } of past.slice(0, -historyLimit)) told.set(uid, { count, at: line.at });
    tell(past.slice(-historyLimit));
    queue.tell({ kind: 'events-listed', at: clock.now() });
  };
  let telling: Promise<void> = Promise.resolve();

  source.status({ state: 'connecting' });
  const work = kubernetes.listAndWatch(EVENTS, { namespace: target.namespace, signal }, project, {
    page(facts, { first, last }) {
      if (first) listed = new Set();
      for (const fact of facts) if (fact !== undefined) listed.add(fact.uid);
      if (history === undefined) tell(facts);
      else for (const fact of facts) if (fact !== undefined) history.push(fact);
      if (!last) return;
      if (history !== undefined) {
        telling = supervise(tellHistory(history.sort((a, b) => a.line.at - b.line.at)), source, signal);
        history = undefined;
      }
      for (const uid of told.keys()) if (!listed.has(uid)) told.delete(uid);
    },
    seen: tell,
    gone(facts) {
      for (const fact of facts) if (fact !== undefined) told.delete(fact.uid);
    },
    status: source.status,
    unreadable: source.unreadable,
  });
  return supervise(work, source, signal).then(() => telling);
}
