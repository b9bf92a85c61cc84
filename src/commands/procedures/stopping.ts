import type { Session } from '../../session/types.ts';
import { sentence } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';
import { sessionWithin } from '../model/wait.ts';

/** Time for the first list of pods, if `stop` was typed right after the start. */
const firstListMs = 10_000;
/**
 * A pod may take its grace period (30 s by default), and the kubelet needs time as well; a longer wait is reported, but is not a failure.
 */
const patienceMs = 300_000;

const cannotSee = ({ sources }: Session): boolean => ['lost', 'denied'].includes(sources.get('pods')?.state ?? 'connecting');
const podsToGo = (count: number): string => (count === 1 ? '1 pod to go' : `${count} pods to go`);

/**
 * Prints each pod that goes after the Deployment was deleted, until none is left, and what high availability keeps. Resolves with what is
 * known at the end, which was also printed: the server has accepted the deletion, and completes it without drey.
 */
export async function awaitPodsGone(context: CommandContext, progress: (text: string) => void): Promise<string> {
  const { store, front } = context;
  const { clusterId } = store.get().target;
  const settled = await sessionWithin(context, firstListMs, (session) => session.podsKnown || cannotSee(session));
  if (!settled || cannotSee(store.get())) return unseen(context);
  let before = store.get().pods;
  const first = before.size === 0 ? `stopping ${clusterId}` : `stopping ${clusterId}: ${podsToGo(before.size)}`;
  front.print([first], 'event');
  progress(podsToGo(before.size));
  const unsubscribe = store.subscribe(({ pods }) => {
    if (pods === before) return;
    const gone = [...before.values()].filter(({ name }) => !pods.has(name));
    before = pods;
    if (gone.length === 0) return;
    progress(podsToGo(pods.size));
    if (pods.size > 0) front.print([`${gone.map(({ shortName }) => shortName).join(', ')} gone, ${podsToGo(pods.size)}`], 'event');
  });
  try {
    await sessionWithin(context, patienceMs, (session) => session.pods.size === 0 || cannotSee(session));
  } finally {
    unsubscribe();
  }
  const after = store.get();
  if (after.pods.size === 0) {
    const kept = (await context.cluster.kept(context.signal)).join(', ');
    front.print([kept === '' ? 'stopped, nothing left' : `stopped; high availability keeps ${kept}`], 'event');
    return kept === '' ? 'everything is deleted' : `everything is deleted except what high availability keeps: ${kept}`;
  }
  if (cannotSee(after)) return unseen(context);
  const left = `still terminating: ${[...after.pods.values()].map(({ shortName }) => shortName).join(', ')}`;
  front.print([`The Deployment is deleted; ${left}. Kubernetes keeps removing them.`], 'warn');
  return left;
}

function unseen({ store, front }: CommandContext): string {
  const problem = store.get().sources.get('pods')?.problem;
  const text = 'The Deployment is deleted; its pods cannot be seen going';
  front.print([problem === undefined ? `${text}.` : `${text}: ${sentence(problem)}`], 'warn');
  return 'the Deployment is deleted';
}
