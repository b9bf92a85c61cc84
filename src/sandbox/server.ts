import { createServer } from 'node:http';
import { join } from 'node:path';
import { openAccess } from './api/access.ts';
import { deletion } from './api/deletion.ts';
import { ApiServer } from './api/server.ts';
import { ApiError, badRequest } from './api/status.ts';
import { objectStore } from './api/store.ts';
import { isRecord } from './api/objects.ts';
import { runControl } from './control-commands.ts';
import type { ControlAnswer, ControlCommand } from './control.ts';
import { crowd } from './crowd.ts';
import { tellDemo, tellNeighbour } from './demo.ts';
import { Faults } from './faults.ts';
import { serveRest } from './flink/rest.ts';
import { restFaults } from './flink/rest-faults.ts';
import { flinkWorld, type FlinkWorld } from './flink/world.ts';
import { answering, bodyOf, sendJson, type Call } from './http.ts';
import { listen, openListener } from './listener.ts';
import { deploymentController } from './pods/deployments.ts';
import { eventRecorder } from './pods/events.ts';
import { kubelet } from './pods/kubelet.ts';
import { serveLog } from './pods/log-route.ts';
import { podLogs } from './pods/logs.ts';
import { nodePorts } from './pods/node-ports.ts';
import { podNetwork } from './pods/pod-connections.ts';
import { serveServiceProxy } from './pods/service-proxy.ts';
import { seededRandom } from './random.ts';
import { furnish } from './scenario.ts';
import { realTimeline } from './timeline.ts';
import { upgrades } from './upgrades.ts';
import { writeRecord } from './write-record.ts';

export interface SandboxServerOptions {
  readonly port: number;
  readonly clusterId: string;
  readonly scenario: 'demo' | 'empty';
  readonly seed: number;
  readonly highAvailability: boolean;
  readonly neighbour: boolean;
  readonly speed: number;
  /** A private folder: for uploads and the token file. */
  readonly folder: string;
}

export interface SandboxServer extends AsyncDisposable {
  readonly url: string;
  /** Where the control answers even while the API server does not. */
  readonly controlUrl: string;
  control(command: ControlCommand): Promise<ControlAnswer>;
}

/** The embedded cluster, listening on loopback. Rejects when the port is taken. */
export async function openSandboxServer({
  port,
  clusterId,
  scenario,
  seed,
  highAvailability,
  neighbour,
  speed,
  folder,
}: SandboxServerOptions): Promise<SandboxServer> {
  const random = seededRandom(seed);
  const timeline = realTimeline(speed);
  const wall = realTimeline(1);
  const now = (): number => timeline.now();
  const faults = new Faults(wall);
  const access = openAccess();
  const store = objectStore({ random, now });
  const deletes = deletion(store, timeline);
  const record = eventRecorder(store);
  const logs = podLogs(now);
  const writes = writeRecord();
  const past = new Map<string, number>();
  const world: FlinkWorld = flinkWorld({
    store,
    timeline,
    random,
    deletion: deletes,
    faults,
    startOf: (pod) => past.get(pod.metadata.name) ?? now(),
    exit: (pod, exitCode) => node.crash(pod.metadata.namespace ?? 'default', pod.metadata.name, { exitCode, reason: 'Error' }),
  });
  furnish(store, timeline);
  const node = kubelet({ store, timeline, random, deletion: deletes, logs, record, nodeFull: () => faults.nodeFull }, world);
  const controller = deploymentController({ store, timeline, random, record, deletion: deletes });
  const many = crowd(store, wall, random);
  const network = podNetwork({
    restPort: (pod) => world.ofPod(pod)?.restPort(),
    serve: (pod, call) => {
      const cluster = world.ofPod(pod);
      writes.note(call);
      if (cluster === undefined) call.request.socket.destroy();
      else void restFaults(faults, cluster.leads(), call, () => serveRest({ cluster, faults, folder }, call));
    },
  });
  const ports = nodePorts(store, network);

  const api = new ApiServer({
    store,
    timeline,
    random,
    access,
    deletion: deletes,
    bookmarksOn: () => faults.bookmarks,
    serviceProxy: (call, target) => serveServiceProxy({ store, network }, call, target),
    onExpire: (expire) => faults.opened(faults.watches, expire),
    async podSubresource(call, { subresource }, pod) {
      if (subresource !== 'log') throw badRequest('Upgrade request required');
      serveLog(call, pod, { logs, opened: (stream) => faults.opened(faults.logs, stream), repeated: () => faults.logsRepeat });
    },
  });

  const control = (command: ControlCommand): Promise<ControlAnswer> =>
    runControl(command, {
      faults,
      access,
      store,
      deletion: deletes,
      lists: () => api.lists,
      node,
      world,
      logs,
      crowd: many,
      timeline: wall,
      random,
      clusterId,
      writes,
      tokenFile: join(folder, 'token'),
      restart: (ms) => listener.restart(ms),
      comeBack: () => listener.comeBack(),
      counts: () => ({ streams: faults.streams.size, requests: listener.requests(), connections: listener.connections() }),
    });
  const controlRoute = async (call: Call): Promise<void> => {
    try {
      const command: unknown = call.path === '/sandbox/control' ? JSON.parse((await bodyOf(call.request)).toString('utf8')) : undefined;
      if (!isRecord(command)) throw badRequest('POST one command as JSON to /sandbox/control');
      sendJson(call.response, 200, await control(command as unknown as ControlCommand));
    } catch (error) {
      sendJson(call.response, error instanceof ApiError ? error.code : error instanceof SyntaxError ? 400 : 500, {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  };

  const handle = (call: Call): Promise<void> => {
    writes.note(call);
    return api.handle(call);
  };

  if (scenario === 'demo') await tellDemo({ store, timeline, random, node, world, past }, { clusterId, highAvailability });
  if (neighbour) await tellNeighbour({ store, timeline, random, node, world, past });
  const listener = await openListener({ port, faults, handle, upgrade: upgrades({ store, api, network, faults }), control: controlRoute });
  const controlServer = createServer(answering(controlRoute));
  const controlPort = await listen(controlServer, 0);
  return {
    url: listener.url,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    control,
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      controlServer.closeAllConnections();
      controlServer.close();
      for (const part of [controller, node, world, network, ports, timeline, wall]) part[Symbol.dispose]();
    },
  };
}
