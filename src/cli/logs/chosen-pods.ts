import { findPod } from '../../commands/model/find-subject.ts';
import type { Pod } from '../../native/pod.ts';
import { Problem } from '../../support/problem.ts';

/** Which pods: a group, to which later ones may belong as well, or one. */
export type Choice = { readonly kind: 'group'; readonly belongs: (pod: Pod) => boolean } | { readonly kind: 'one'; readonly pod: Pod };

const groups: Readonly<Record<string, (pod: Pod) => boolean>> = {
  all: () => true,
  jobmanager: ({ role }) => role === 'jobmanager',
  jobmanagers: ({ role }) => role === 'jobmanager',
  taskmanagers: ({ role }) => role === 'taskmanager',
};

/** The pods that a word means. Throws a `Problem` that names those that there are if it means none. */
export function choiceOf(
  word: string | undefined,
  { present, gone, clusterId }: { readonly present: readonly Pod[]; readonly gone: readonly Pod[]; readonly clusterId: string },
): Choice {
  const belongs = groups[word ?? 'all'];
  if (belongs !== undefined) return { kind: 'group', belongs };
  const known = {
    pods: new Map(present.map((pod) => [pod.name, pod])),
    podsKnown: true,
    gone,
    leader: undefined,
    sources: new Map(),
    unreadable: new Map(),
    target: { clusterId },
  };
  return { kind: 'one', pod: findPod(word ?? '', known, 'seen') };
}

/** Those of the pods that are chosen. */
export const chosenOf = (choice: Choice, pods: readonly Pod[]): readonly Pod[] =>
  choice.kind === 'group' ? pods.filter(choice.belongs) : pods.filter(({ uid }) => uid === choice.pod.uid);

/** How many logs are read at the same time: each is a connection to a kubelet. */
export const mostLogs = 50;

export function refuseTooMany(pods: readonly Pod[]): void {
  if (pods.length > mostLogs)
    throw new Problem('usage', `${pods.length} logs are too many: drey reads up to ${mostLogs} at once.`, {
      hint: 'Name a pod, jobmanager or taskmanagers, or attach: the screen follows those that matter first.',
    });
}
