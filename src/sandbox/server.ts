import { createServer } from 'node:http';
import { join } from 'node:path';
import { openAccess } from './api/access.ts';
import { deletion } from './api/deletion.ts';
import { ApiServer } from './api/api-server.ts';
import { ApiError, badRequest } from './api/status.ts';
import { ObjectStore } from './api/store.ts';
import { isRecord } from './api/objects.ts';
import { runControl } from './control/perform.ts';
import type { ControlAnswer, ControlCommand } from './control/command.ts';
import { crowd } from './scenario/crowd.ts';
import { FIRST_TOKEN } from './kubeconfig.ts';
import { startDemo, startNeighbour } from './scenario/demo.ts';
import { Faults } from './base/faults.ts';
import { serveRest } from './rest/serve-rest.ts';
import { restFaults } from './rest/disturbed-rest.ts';
import { FlinkWorld } from './flink/world.ts';
import { answering, bodyOf, sendJson, type Call } from './api/call.ts';
import { listen, openListener } from './network/listener.ts';
import { deploymentController } from './pods/deployments.ts';
import { eventRecorder } from './pods/event-recorder.ts';
import { Kubelet } from './pods/kubelet.ts';
import { serveLog } from './pods/serve-log.ts';
import { podLogs } from './pods/pod-logs.ts';
import { nodePorts } from './network/node-ports.ts';
import { podNetwork } from './network/pod-network.ts';
import { serveServiceProxy } from './network/service-proxy.ts';
import { seededRandom } from './base/random.ts';
import { furnish } from './scenario/furnish.ts';
import { sandboxClock } from './base/clock.ts';
import { upgrades } from './network/upgrades.ts';
import { writeRecord } from './control/write-record.ts';

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
  const clock = sandboxClock(speed);
  const wall = sandboxClock(1);
  const now = (): number => clock.now();
  const faults = new Faults(wall);
  const access = openAccess();
  const store = new ObjectStore({ random, now });
  const deletes = deletion(store, clock);
  const record = eventRecorder(store);
  const logs = podLogs(now);
  const writes = writeRecord();
  const past = new Map<string, number>();
  const world: FlinkWorld = new FlinkWorld({
    store,
    clock,
    random,
    deletion: deletes,
    faults,
    since: (pod) => past.get(pod.metadata.name),
    exit: (pod, exitCode) => node.crash(pod.metadata.namespace ?? 'default', pod.metadata.name, { exitCode, reason: 'Error' }),
  });
  furnish(store, clock);
  const node = new Kubelet({ store, clock, random, deletion: deletes, logs, record, nodeFull: () => faults.nodeFull }, world);
  const controller = deploymentController({ store, clock, random, record, deletion: deletes });
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
    clock,
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
      clock: wall,
      random,
      clusterId,
      writes,
      token: { first: FIRST_TOKEN, file: join(folder, 'token') },
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

  if (scenario === 'demo') await startDemo({ store, clock, random, node, world, past }, { clusterId, highAvailability });
  if (neighbour) await startNeighbour({ store, clock, random, node, world, past });
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
      for (const part of [controller, node, world, network, ports, clock, wall]) part[Symbol.dispose]();
    },
  };
}
