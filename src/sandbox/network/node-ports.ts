import { createServer, type Server, type Socket } from 'node:net';
import { recordOf, recordsOf, textOf, type ApiObject, type Labels } from '../api/objects.ts';
import { PODS, SERVICES } from '../api/resources.ts';
import { matchesLabels } from '../api/selectors.ts';
import type { ObjectStore } from '../api/store.ts';
import { isReady } from '../pods/pod-status.ts';
import type { PodNetwork } from './pod-network.ts';

/** Opens the node ports of services on 127.0.0.1, which is the node's address. If a port is taken on this machine, it stays closed. */
export function nodePorts(store: ObjectStore, network: PodNetwork): Disposable {
  const open = new Map<string, Server[]>();
  const sockets = new Set<Socket>();

  const close = (service: ApiObject): void => {
    for (const server of open.get(service.metadata.uid) ?? []) server.close();
    open.delete(service.metadata.uid);
  };
  const expose = (service: ApiObject): void => {
    close(service);
    const selector = recordOf(service['spec'], 'selector') as Labels;
    const servers = recordsOf(service['spec'], 'ports')
      .filter((port) => typeof port['nodePort'] === 'number')
      .map((port) => {
        const server = createServer((socket) => {
          sockets.add(socket);
          socket.once('close', () => sockets.delete(socket));
          // If the client resets its connection, only that connection ends.
          socket.on('error', () => socket.destroy());
          const pod = store
            .list(PODS, service.metadata.namespace)
            .find((one) => matchesLabels(selector, one.metadata.labels) && isReady(one));
          const refusal = pod === undefined ? 'no endpoints' : network.connect(pod, Number(port['targetPort'] ?? port['port']), socket);
          if (refusal !== undefined) socket.resetAndDestroy();
        });
        // Another program has the port: the service cannot be reached from outside, as behind a firewall.
        server.on('error', () => server.close());
        server.listen(Number(port['nodePort']), '127.0.0.1').unref();
        return server;
      });
    open.set(service.metadata.uid, servers);
  };

  const unsubscribe = store.subscribe(({ resource, type, object }) => {
    if (resource !== SERVICES) return;
    if (type === 'DELETED') close(object);
    else if (['NodePort', 'LoadBalancer'].includes(textOf(object['spec'], 'type') ?? '')) expose(object);
    else close(object);
  });
  return {
    [Symbol.dispose]() {
      unsubscribe();
      for (const socket of sockets) socket.destroy();
      for (const servers of open.values()) for (const server of servers) server.close();
    },
  };
}
