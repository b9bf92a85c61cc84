import { recordsOf, stamp, textOf, type ApiObject } from './objects.ts';
import { PODS } from './resources.ts';
import { labelTest } from './selectors.ts';
import { notFound } from './status.ts';
import type { ObjectStore } from './store.ts';

const PATH = /^\/apis\/metrics\.k8s\.io\/v1beta1(?:\/namespaces\/([^/]+))?\/pods(?:\/([^/]+))?$/;

/** PodMetrics of running pods: the numbers change slowly with time and differ from pod to pod. Undefined for any other path. */
export function podMetrics(path: string, query: URLSearchParams, store: ObjectStore, now: number): unknown {
  const match = PATH.exec(path);
  if (match === null) return undefined;
  const [, namespace, name] = match;
  const test = labelTest(query.get('labelSelector') ?? undefined);
  const running = store.list(PODS, namespace).filter((pod) => textOf(pod['status'], 'phase') === 'Running' && test(pod));
  const head = { kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {} };
  if (name === undefined) return { ...head, items: running.map((pod) => measured(pod, now)) };
  const pod = running.find((one) => one.metadata.name === name);
  if (pod === undefined) throw notFound({ ...PODS, group: 'metrics.k8s.io', plural: 'podmetrics', kind: 'PodMetrics' }, name);
  return { kind: 'PodMetrics', apiVersion: 'metrics.k8s.io/v1beta1', ...measured(pod, now) };
}

function measured(pod: ApiObject, now: number): Record<string, unknown> {
  const phase = [...pod.metadata.uid].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const wave = (Math.sin(now / 45_000 + phase) + 1) / 2;
  return {
    metadata: {
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      creationTimestamp: stamp(now),
      ...(pod.metadata.labels === undefined ? {} : { labels: pod.metadata.labels }),
    },
    timestamp: stamp(now),
    window: '15s',
    containers: recordsOf(pod['spec'], 'containers').map((container) => ({
      name: container['name'],
      usage: { cpu: `${Math.round(60_000_000 + 380_000_000 * wave)}n`, memory: `${Math.round(720 * 1024 + 400 * 1024 * wave)}Ki` },
    })),
  };
}
