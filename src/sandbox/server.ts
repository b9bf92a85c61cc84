import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { openAccess } from './api/access.ts';
import { deletion } from './api/deletion.ts';
import { PODS } from './api/resources.ts';
import { textOf, type ApiObject } from './api/objects.ts';
import { apiServer } from './api/server.ts';
import { ApiError, statusOf } from './api/status.ts';
import { objectStore } from './api/store.ts';
import { callOf } from './http.ts';
import { seededRandom } from './random.ts';
import { realTimeline } from './timeline.ts';
import { eventRecorder } from './pods/events.ts';
import { kubelet } from './pods/kubelet.ts';
import { deploymentController } from './pods/deployments.ts';
import { podLogs } from './pods/logs.ts';
import { serveLog } from './pods/log-route.ts';
import { podNetwork } from './pods/pod-connections.ts';
import { forwardChannels, forwardSpdy, forwardTunnel, type ForwardTarget } from './net/port-forward.ts';
import { webSockets } from './net/web-sockets.ts';
import { flinkWorld } from './flink/world.ts';
import { graphOf } from './flink/graphs.ts';
import { serveRest } from './flink/rest.ts';
import { furnish, sessionCluster } from './scenario.ts';

export interface SandboxServerOptions {
  readonly port: number;
  readonly clusterId: string;
  readonly scenario: 'demo' | 'empty';
  readonly seed: number;
  readonly speed: number;
}

export interface SandboxServer extends AsyncDisposable {
  readonly url: string;
}

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const PORT_FORWARD_PROTOCOLS = [TUNNEL, 'v4.channel.k8s.io', 'portforward.k8s.io'];

/** The embedded cluster, listening on loopback. */
export async function openSandboxServer({ port, clusterId, scenario, seed, speed }: SandboxServerOptions): Promise<SandboxServer> {
  const random = seededRandom(seed);
  const timeline = realTimeline(speed);
  const store = objectStore({ random, now: () => timeline.now() });
  const access = openAccess();
  const deletes = deletion(store, timeline);
  const record = eventRecorder(store);
  const logs = podLogs(() => timeline.now());
  const past = new Map<string, number>();
  const world = flinkWorld({ store, timeline, random, deletion: deletes, startOf: (pod) => past.get(pod.metadata.name) ?? timeline.now() });
  furnish(store, timeline);
  const node = kubelet({ store, timeline, random, logs, record }, world);
  const controller = deploymentController({ store, timeline, random, record, deletion: deletes });
  const network = podNetwork({
    restPort: (pod) => {
      const cluster = world.ofPod(pod.metadata.uid);
      return cluster?.listening() === true ? cluster.settings.number('rest.bind-port', cluster.settings.number('rest.port', 8081)) : undefined;
    },
    serve: (pod, call) => {
      const cluster = world.ofPod(pod.metadata.uid);
      if (cluster === undefined) call.request.socket.destroy();
      else void serveRest(cluster, call);
    },
  });

  if (scenario === 'demo') {
    const since = timeline.now() - 3_600_000;
    sessionCluster(store, clusterId, since);
    const jobManager = store.list(PODS, 'default')[0];
    if (jobManager !== undefined) {
      past.set(jobManager.metadata.name, since);
      node.adopt(jobManager, since);
      await world.settled();
    }
    const cluster = world.find('default', clusterId);
    for (const offset of [60_000, 62_000]) {
      const pod = cluster?.taskManagers.createPod();
      if (pod !== undefined) {
        past.set(pod.metadata.name, since + offset);
        node.adopt(pod, since + offset);
      }
    }
    await world.settled();
    const demo = [['org.apache.flink.streaming.examples.windowing.TopSpeedWindowing', 2, 'CarTopSpeedWindowing'], ['org.example.orders.OrdersEnrichment', 4, 'orders-enrichment']] as const;
    for (const [entryClass, parallelism, name] of demo) cluster?.adopt({ id: random.hex(32), graph: { ...graphOf(entryClass, []), name }, parallelism, entryClass, configuration: {} }, since + 65_000);
  }

  const target = (pod: ApiObject): ForwardTarget => ({ connect: (to, stream) => network.connect(pod, to, stream), stalled: () => false });
  const api = apiServer({
    store, timeline, random, access, deletion: deletes, bookmarksOn: () => true, onExpire: () => () => {},
    podSubresource: async (call, { subresource }, pod) => {
      if (subresource === 'log') return serveLog(call, pod, { logs, opened: () => () => {}, repeated: () => 0 });
      throw new ApiError(400, 'BadRequest', 'Upgrade request required');
    },
  });

  const sockets = webSockets();
  const server: Server = createServer((request, response) => void api.handle(callOf(request, response)));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that resets an upgraded connection ends it, no more.
    socket.on('error', () => socket.destroy());
    const call = { ...callOf(request, undefined as never), method: 'POST' };
    try {
      const found = api.admit(call);
      const pod = found?.name === undefined ? undefined : store.get(PODS, found.namespace, found.name);
      if (found === undefined || pod === undefined) throw new ApiError(404, 'NotFound', 'pods not found');
      if (found.subresource !== 'portforward') throw new ApiError(404, 'NotFound', 'no such subresource');
      if (textOf(pod['status'], 'phase') !== 'Running') throw new ApiError(400, 'BadRequest', `unable to forward port because pod is not running. Current status=${textOf(pod['status'], 'phase')}`);
      if ((request.headers.upgrade ?? '').toLowerCase() === 'spdy/3.1') {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n');
        forwardSpdy(socket, head, target(pod));
        return;
      }
      sockets.accept(request, socket, head, PORT_FORWARD_PROTOCOLS, (ws, protocol) => {
        if (protocol === TUNNEL) forwardTunnel(ws, target(pod));
        else forwardChannels(ws, call.query.getAll('ports').flatMap((list) => list.split(',')).map(Number), target(pod));
      });
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError(500, 'InternalError', String(error));
      const body = JSON.stringify(statusOf(known));
      socket.end(`HTTP/1.1 ${known.code} ${known.reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      for (const part of [controller, node, world, network, timeline]) part[Symbol.dispose]();
    },
  };
}

