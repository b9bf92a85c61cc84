import type { Pod } from '../../native/pod.ts';
import { formatDuration } from '../../support/format.ts';
import { deletedWords, isConsequence } from '../failure.ts';
import { proved, rule } from '../rule.ts';

/** What the scheduler lacks, and the option that asks for it. Source: `NodeResourcesFit`, `TaintToleration`, `NodeAffinity`, Kubernetes 1.34. */
const schedulerSigns: readonly { readonly signs: RegExp; readonly advice: (role: Pod['role']) => string }[] = [
  {
    signs: /Insufficient (?:cpu|memory)/,
    advice: (role) => `a larger node, or a smaller request: kubernetes.${role}.cpu.amount, ${role}.memory.process.size.`,
  },
  {
    signs: /Insufficient (?!cpu|memory)[\w./-]+/,
    advice: (role) => `a node that has it, or a smaller request: external-resources, kubernetes.${role}.node-selector.`,
  },
  { signs: /untolerated taint/, advice: (role) => `a node without this taint, or kubernetes.${role}.tolerations.` },
  {
    signs: /didn't match Pod's node affinity\/selector/,
    advice: (role) => `a node with these labels, or other ones: kubernetes.${role}.node-selector, and the affinity of the pod template.`,
  },
  { signs: /Too many pods/, advice: () => 'a node more: a node takes only so many pods.' },
];

export const schedulerAdvice = (text: string, role: Pod['role']): readonly string[] =>
  schedulerSigns.filter(({ signs }) => signs.test(text)).map(({ advice }) => advice(role));

export const unschedulable = rule({
  id: 'unschedulable',
  finds: 'No node takes a pod',
  about: ['pod'],
  asks: ({ matter: { pod, trouble } }) => (trouble?.kind === 'unscheduled' ? [{ kind: 'room', pod }] : []),
  judge({ matter: { pod, trouble }, answers }) {
    if (trouble?.kind !== 'unscheduled') return undefined;
    const room = answers({ kind: 'room', pod });
    const why = trouble.cause ?? pod.state.replace(/^Unschedulable: /, '');
    return proved(why, {
      evidence: room === undefined ? [] : [{ source: { kind: 'status', object: 'nodes' }, at: undefined, text: room }],
      advice: schedulerAdvice(why, pod.role),
    });
  },
});

/** What the kubelet says of an image that it cannot get. Sources: `images.Err…`, Kubernetes 1.34. */
const imageSigns: readonly { readonly signs: RegExp; readonly advice: string }[] = [
  {
    signs: /ErrImageNeverPull/,
    advice:
      'load the image on the node, or allow the node to pull it: kubernetes.container.image.ref, kubernetes.container.image.pull-policy.',
  },
  {
    signs: /ErrImagePull|ImagePullBackOff|InvalidImageName/,
    advice: 'check the image, and whether the node may pull it: kubernetes.container.image.ref, kubernetes.container.image.pull-secrets.',
  },
];

/** `text`: begins with the state of the pod. */
export const imageAdvice = (text: string): readonly string[] =>
  imageSigns.filter(({ signs }) => signs.test(text)).map(({ advice }) => advice);

export const image = rule({
  id: 'image',
  finds: 'An image cannot be pulled, or is not on the node',
  about: ['pod'],
  judge({ matter: { pod, trouble } }) {
    const advice = imageAdvice(pod.state);
    return trouble?.cause === undefined || advice.length === 0 ? undefined : proved(trouble.cause, { advice });
  },
});

/** Why Kubernetes takes a pod from its node; without `why` its own message says it. Sources: `DisruptionTarget`, `eviction.Reason` and `NodeUnreachablePodReason`, Kubernetes 1.34. */
const removals: readonly { readonly signs: RegExp; readonly why?: string; readonly advice: string }[] = [
  {
    signs: /low on resource: ephemeral-storage|ephemeral local storage usage exceeds/,
    advice: 'less on the local disk (RocksDB, spilled data), a volume for it, or a request for ephemeral-storage in the pod template.',
  },
  {
    signs: /low on resource: memory/,
    advice: 'a request that is as large as the limit: kubernetes.taskmanager.memory.limit-factor: 1.',
  },
  {
    signs: /EvictionByEvictionAPI/,
    why: 'it was evicted, as a drain of its node does',
    advice:
      'a PodDisruptionBudget keeps a drain from taking several pods at once; a savepoint and a restart before a drain keep the gap short.',
  },
  {
    signs: /DeletionByTaintManager|NodeLost|not responding|TaintManagerEviction/,
    why: 'its node does not answer, or has a taint that the pod does not tolerate',
    advice: 'look at the node: kubectl describe node.',
  },
  {
    signs: /TerminationByKubelet|Pod was terminated in response to imminent node shutdown/,
    why: 'its node was shut down',
    advice: 'on nodes that may go at any time, frequent checkpoints keep what is repeated small.',
  },
  {
    signs: /PreemptionByScheduler|Preempted/,
    why: 'it had to make room for a pod of higher priority',
    advice: 'a priority class in the pod template, or nodes of its own.',
  },
];

export const removed = rule({
  id: 'removed-from-node',
  finds: 'Kubernetes took a pod from its node',
  about: ['pod'],
  judge({ matter: { pod } }) {
    if (pod.severity !== 'error' && pod.severity !== 'warn') return undefined;
    const found = removals.find(({ signs }) => signs.test(`${pod.state} ${pod.message ?? ''}`));
    if (found === undefined && pod.state !== 'Evicted') return undefined;
    return proved(found?.why ?? pod.message ?? 'Kubernetes removed it from its node', {
      advice: found === undefined ? [] : [found.advice],
    });
  },
});

export const deleted = rule({
  id: 'deleted-pod',
  finds: 'A pod was deleted while a job ran on it',
  about: ['pod'],
  judge: ({ matter: { pod } }) => (pod.state === 'Deleted' ? proved(deletedWords) : undefined),
});

/** Source: `ActorSystemBootstrapTools.startActorSystem`, Flink 2.3; Pekko waits for itself to listen (`pekko.startup-timeout`). */
export const slowStart = rule({
  id: 'slow-start',
  finds: 'A process had too little CPU to start',
  about: ['pod'],
  judge({ matter: { pod }, words }) {
    if (words === undefined || !/Could not create actor system/.test(words.whole)) return undefined;
    const ms = /Futures timed out after \[(\d+) milliseconds\]/.exec(words.whole)?.[1];
    return ms === undefined
      ? undefined
      : proved(`its actor system did not start within ${formatDuration(Number(ms))}`, {
          conclusions: [
            'Nothing outside of the process is waited for here: it had too little CPU, because of its limit or because its node is busy.',
          ],
          advice: [`more CPU for its start: kubernetes.${pod.role}.cpu.limit-factor, kubernetes.${pod.role}.cpu.amount.`],
        });
  },
});

/** The last output of a container is a better proof than its status and events, even if nothing more is known about it. */
export const lastWords = rule({
  id: 'last-words',
  finds: 'A process ended with an error that no other rule knows',
  about: ['pod'],
  asks: ({ matter: { pod, ended } }) => (ended === undefined ? [] : [{ kind: 'crash', pod, ended }]),
  judge: ({ words }) => (words?.evidence.source.kind === 'log' && !isConsequence(words.text) ? proved(words.text) : undefined),
});

/** What the server itself gives as the reason. */
export const told = rule({
  id: 'status',
  finds: 'Kubernetes names a reason that no other rule knows',
  about: ['pod', 'creation'],
  judge: ({ words }) => (words === undefined || isConsequence(words.text) ? undefined : proved(words.text)),
});
