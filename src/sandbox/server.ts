import { createServer } from 'node:http';
import { join } from 'node:path';
import { answering, type Call } from './api/call.ts';
import type { ControlAnswer, ControlCommand } from './control/command.ts';
import { runControl } from './control/perform.ts';
import { controlRoute } from './control/route.ts';
import { embeddedCluster, type ClusterOptions, type EmbeddedCluster } from './embedded-cluster.ts';
import { FIRST_TOKEN } from './kubeconfig.ts';
import { listen, openListener, type Listener } from './network/listener.ts';
import { Upgrades } from './network/upgrades.ts';
import { startDemo, startNeighbour } from './scenario/demo.ts';

export interface SandboxServerOptions extends ClusterOptions {
  readonly port: number;
  readonly clusterId: string;
  readonly scenario: 'demo' | 'empty';
  readonly highAvailability: boolean;
  readonly neighbour: boolean;
  /** A private folder: for uploads and the token file. */
  readonly folder: string;
}

export interface SandboxServer extends AsyncDisposable {
  readonly url: string;
  /** Where the control answers even while the API server does not. */
  readonly controlUrl: string;
  control(command: ControlCommand): Promise<ControlAnswer>;
}

/** The embedded cluster, listening on loopback. Rejects if the port is taken. */
export async function openSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  // What was begun ends again if a later part cannot begin.
  await using opened = new AsyncDisposableStack();
  const cluster = opened.use(embeddedCluster(options));
  const { api, writes, faults } = cluster;
  if (options.scenario === 'demo') await startDemo(cluster, options);
  if (options.neighbour) await startNeighbour(cluster);

  const control = (command: ControlCommand): Promise<ControlAnswer> => performed(command, cluster, listener, options);
  const route = controlRoute(control);
  const upgrades = new Upgrades(cluster);
  const listener: Listener = await openListener({
    port: options.port,
    faults,
    control: route,
    handle(call: Call) {
      writes.note(call);
      return api.handle(call);
    },
    upgrade: (call, socket, head) => upgrades.serve({ call, socket, head }),
  });
  opened.use(listener);
  const controlServer = createServer(answering(route));
  const controlPort = await listen(controlServer, 0);
  opened.defer(() => {
    controlServer.closeAllConnections();
    controlServer.close();
  });
  const over = opened.move();
  return {
    url: listener.url,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    control,
    [Symbol.asyncDispose]: () => over.disposeAsync(),
  };
}

const performed = (
  command: ControlCommand,
  cluster: EmbeddedCluster,
  listener: Listener,
  { clusterId, folder }: SandboxServerOptions,
): Promise<ControlAnswer> =>
  runControl(command, {
    ...cluster,
    clusterId,
    clock: cluster.wall,
    lists: () => cluster.api.lists,
    token: { first: FIRST_TOKEN, file: join(folder, 'token') },
    restart: (ms) => listener.restart(ms),
    comeBack: () => listener.comeBack(),
    counts: () => ({ streams: cluster.faults.streams.size, requests: listener.requests(), connections: listener.connections() }),
  });
