import { commonLabels, jobManagerLabels, names } from '../../native/names.ts';
import type { Pod, PodContainer, Warning } from '../../native/pod.ts';
import type { Instant } from '../../support/clock.ts';
import type { Session } from '../types.ts';

export type StillObject = Readonly<Record<string, unknown>>;

/** Kubernetes writes whole seconds. */
const stampOf = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : `${new Date(at).toISOString().slice(0, 19)}Z`;

/**
 * The objects of Kubernetes as a session knows them, so far as it knows them: what it does not keep of an object is missing. `whole`: the
 * same objects as they were seen at another moment, by uid, whose unchanging parts are taken.
 */
export function stillObjects(session: Session, at: Instant, whole: ReadonlyMap<string, StillObject> = new Map()): readonly StillObject[] {
  const { target, pods, warnings, deployment } = session;
  const { namespace, clusterId } = target;
  const nodes = new Set([...pods.values()].flatMap(({ node }) => node ?? []));
  const head = (apiVersion: string, kind: string, metadata: StillObject): StillObject => ({ apiVersion, kind, metadata });
  const inNamespace = (name: string, more: StillObject = {}): StillObject => ({
    name,
    namespace,
    uid: `recorded-${name}`,
    creationTimestamp: stampOf(at),
    ...more,
  });
  const labels = Object.fromEntries(commonLabels(clusterId));
  const ofJobManager = Object.fromEntries(jobManagerLabels(clusterId));
  return [
    head('v1', 'Namespace', { name: namespace, uid: `recorded-${namespace}`, creationTimestamp: stampOf(at) }),
    ...[...nodes].map((name) => head('v1', 'Node', { name, uid: `recorded-${name}`, creationTimestamp: stampOf(at) })),
    ...(deployment === undefined || deployment.gone
      ? []
      : [
          {
            ...head(
              'apps/v1',
              'Deployment',
              inNamespace(clusterId, { uid: deployment.uid, creationTimestamp: stampOf(deployment.createdAt), labels: ofJobManager }),
            ),
            ...deploymentParts(pods),
          },
        ]),
    {
      ...head('v1', 'Service', inNamespace(names.restService(clusterId), { labels })),
      spec: {
        type: 'ClusterIP',
        ports: [{ name: 'rest', port: 8081, protocol: 'TCP', targetPort: 8081 }],
        selector: ofJobManager,
      },
    },
    ...[...pods.values()].map((pod) => podObject(pod, { ...labels, component: pod.role }, namespace, whole.get(pod.uid))),
    ...[...warnings.values()].map((warning, index) => eventObject(warning, index, { namespace, uid: pods.get(warning.object.name)?.uid })),
  ];
}

function deploymentParts(pods: Session['pods']): StillObject {
  const jobManagers = [...pods.values()].filter(({ role }) => role === 'jobmanager');
  const ready = jobManagers.filter(({ severity }) => severity === 'ok').length;
  return {
    spec: { replicas: jobManagers.length },
    status: { replicas: jobManagers.length, readyReplicas: ready, availableReplicas: ready, updatedReplicas: jobManagers.length },
  };
}

function podObject(pod: Pod, labels: StillObject, namespace: string, whole: StillObject | undefined): StillObject {
  const { name, uid, node, ip, cpuLimit, memoryLimit } = pod;
  const [only, ...others] = pod.containers.filter(({ init }) => !init);
  const limits = {
    ...(cpuLimit === undefined ? {} : { cpu: String(cpuLimit) }),
    ...(memoryLimit === undefined ? {} : { memory: String(memoryLimit) }),
  };
  const spec = ({ name: container, image }: PodContainer): StillObject => ({
    name: container,
    image,
    // The sum of all containers is known.
    resources: others.length === 0 && container === only?.name ? { limits } : {},
  });
  const of = (init: boolean): readonly PodContainer[] => pod.containers.filter((one) => one.init === init);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(whole?.['metadata'] as StillObject | undefined),
      name,
      namespace,
      uid,
      labels,
      creationTimestamp: stampOf(pod.createdAt),
      deletionTimestamp: stampOf(pod.deletedAt),
    },
    spec: {
      initContainers: of(true).map(spec),
      containers: of(false).map(spec),
      ...(whole?.['spec'] as StillObject | undefined),
      nodeName: node,
    },
    status: {
      phase: phaseOf(pod),
      podIP: ip,
      ...(ip === undefined ? {} : { podIPs: [{ ip }] }),
      ...(pod.message === undefined ? {} : { message: pod.message }),
      conditions: [{ type: 'Ready', status: pod.ready >= of(false).length ? 'True' : 'False' }],
      initContainerStatuses: of(true).map((one) => containerStatus(one, false)),
      // How many are ready is known, and not which ones.
      containerStatuses: of(false).map((one, index) => containerStatus(one, index < pod.ready)),
    },
  };
}

function phaseOf({ node, containers, severity }: Pod): string {
  const main = containers.filter(({ init }) => !init);
  if (node === undefined) return 'Pending';
  if (main.length > 0 && main.every(({ state }) => state === 'terminated')) return severity === 'error' ? 'Failed' : 'Succeeded';
  return main.some(({ state }) => state === 'running') ? 'Running' : 'Pending';
}

function containerStatus(
  { name, image, state, reason, exitCode, startedAt, endedAt, before, restarts }: PodContainer,
  ready: boolean,
): StillObject {
  const started = stampOf(startedAt);
  const states: Readonly<Record<PodContainer['state'], StillObject>> = {
    running: { running: { startedAt: started } },
    terminated: { terminated: { reason, exitCode: exitCode ?? 0, startedAt: started, finishedAt: stampOf(endedAt) } },
    waiting: { waiting: { reason } },
    unknown: {},
  };
  return {
    name,
    image,
    imageID: '',
    ready: ready && state === 'running',
    restartCount: restarts,
    state: states[state],
    lastState:
      before === undefined ? {} : { terminated: { reason: before.reason, exitCode: before.exitCode ?? 0, finishedAt: stampOf(before.at) } },
  };
}

function eventObject(
  { object, reason, message, at, count }: Warning,
  index: number,
  { namespace, uid }: { readonly namespace: string; readonly uid: string | undefined },
): StillObject {
  const name = `${object.name}.${index}`;
  const stamp = stampOf(at);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace, uid: `recorded-event-${index}`, creationTimestamp: stamp },
    involvedObject: { kind: object.kind, name: object.name, namespace, uid },
    type: 'Warning',
    reason,
    message,
    count,
    firstTimestamp: stamp,
    lastTimestamp: stamp,
    source: {},
  };
}
