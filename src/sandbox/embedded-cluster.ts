import { openAccess, type Access } from './api/access.ts';
import { ApiServer } from './api/api-server.ts';
import { deletion, type Deletion } from './api/deletion.ts';
import { badRequest } from './api/status.ts';
import { ObjectStore } from './api/store.ts';
import { sandboxClock, type SandboxClock } from './base/clock.ts';
import { Faults } from './base/faults.ts';
import { seededRandom, type Random } from './base/random.ts';
import { writeRecord, type WriteRecord } from './control/write-record.ts';
import { FlinkWorld } from './flink/world.ts';
import { nodePorts } from './network/node-ports.ts';
import { podNetwork, type PodNetwork } from './network/pod-network.ts';
import { serveServiceProxy } from './network/service-proxy.ts';
import { DeploymentController } from './pods/deployment-controller.ts';
import { eventRecorder } from './pods/event-recorder.ts';
import { Kubelet } from './pods/kubelet.ts';
import { MountedFiles } from './pods/mounted-files.ts';
import { podLogs, type PodLogs } from './pods/pod-logs.ts';
import { PodDisks } from './pods/pod-machine.ts';
import { serveLog } from './pods/serve-log.ts';
import { disturbed } from './rest/disturbed-rest.ts';
import { serveRest } from './rest/serve-rest.ts';
import { crowd, type Crowd } from './scenario/crowd.ts';
import { furnish } from './scenario/furnish.ts';

export interface ClusterOptions {
  readonly seed: number;
  readonly speed: number;
  /** A private folder: for uploads. */
  readonly folder: string;
}

/** The whole sandbox except for its ports: its objects, its processes, its faults. */
export interface EmbeddedCluster extends Disposable {
  readonly random: Random;
  /** Runs at the speed of the sandbox. */
  readonly clock: SandboxClock;
  /** Real time, for faults. */
  readonly wall: SandboxClock;
  readonly faults: Faults;
  readonly access: Access;
  readonly store: ObjectStore;
  /** The files of ConfigMaps as the pods have them. */
  readonly mounted: MountedFiles;
  /** The file systems of the pods. */
  readonly disks: PodDisks;
  readonly deletion: Deletion;
  readonly logs: PodLogs;
  readonly writes: WriteRecord;
  /** When the process in a pod began, by the pod's name, if that is in the past. */
  readonly past: Map<string, number>;
  readonly world: FlinkWorld;
  readonly node: Kubelet;
  readonly crowd: Crowd;
  readonly network: PodNetwork;
  readonly api: ApiServer;
}

/** Puts the parts together. There are a node and namespaces, but no pods yet. */
export function embeddedCluster({ seed, speed, folder }: ClusterOptions): EmbeddedCluster {
  const random = seededRandom(seed);
  const clock = sandboxClock(speed);
  const wall = sandboxClock(1);
  const faults = new Faults(wall);
  const access = openAccess();
  const store = new ObjectStore({ random, now: clock.now });
  const deletes = deletion(store, clock);
  const record = eventRecorder(store);
  const logs = podLogs(clock.now);
  const writes = writeRecord();
  const past = new Map<string, number>();
  const mounted = new MountedFiles({ store, clock, random });
  const world: FlinkWorld = new FlinkWorld({
    store,
    clock,
    random,
    deletion: deletes,
    faults,
    seenBy: (pod) => mounted.seenBy(pod),
    since: (pod) => past.get(pod.metadata.name),
    exit: (pod, exitCode) => node.crash(pod.metadata.namespace ?? 'default', pod.metadata.name, { exitCode, reason: 'Error' }),
  });
  const disks = new PodDisks({ store, logs, now: wall.now, volumes: () => world.savepointFiles() });
  furnish(store, clock);
  const node = new Kubelet({ store, clock, random, deletion: deletes, logs, record, nodeFull: () => faults.nodeFull }, world);
  const controller = new DeploymentController({ store, clock, random, record, deletion: deletes });
  const network = podNetwork({
    restPort: (pod) => world.ofPod(pod)?.restPort(),
    serve: (pod, call) => {
      const cluster = world.ofPod(pod);
      writes.note(call);
      if (cluster === undefined) call.request.socket.destroy();
      else void disturbed(faults, cluster.leads(), call, () => serveRest({ cluster, faults, folder }, call));
    },
  });
  const ports = nodePorts(store, network);
  const api = new ApiServer({
    store,
    clock,
    random,
    access,
    deletion: deletes,
    bookmarksOn: () => faults.bookmarks,
    serviceProxy: (call, target) => serveServiceProxy({ store, network }, call, target),
    onExpire: (expire) => faults.opened(faults.watches, expire),
    async podSubresource(call, { subresource }, pod) {
      if (subresource !== 'log') throw badRequest('Upgrade request required');
      serveLog(call, pod, {
        logs,
        opened: (stream) => faults.opened(faults.logs, stream),
        repeated: () => faults.logsRepeat,
        now: clock.now,
      });
    },
  });
  const parts: readonly Disposable[] = [controller, node, mounted, disks, world, network, ports, clock, wall];
  return {
    random,
    clock,
    wall,
    faults,
    access,
    store,
    mounted,
    disks,
    deletion: deletes,
    logs,
    writes,
    past,
    world,
    node,
    crowd: crowd(store, wall, random),
    network,
    api,
    [Symbol.dispose]() {
      for (const part of parts) part[Symbol.dispose]();
    },
  };
}
