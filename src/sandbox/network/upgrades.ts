import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { textOf, type ApiObject } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import type { ApiServer } from '../api/api-server.ts';
import { ApiError, badRequest, noRoute, notFound, statusOf } from '../api/status.ts';
import type { ObjectStore } from '../api/store.ts';
import type { Faults } from '../base/faults.ts';
import type { Call } from '../api/call.ts';
import { EXEC_PROTOCOLS, serveExec } from './exec.ts';
import { forwardChannels, forwardSpdy, forwardTunnel, type ForwardTarget } from './port-forward.ts';
import { webSockets } from './web-sockets.ts';
import { containerOf } from '../pods/serve-log.ts';
import type { PodNetwork } from './pod-network.ts';

export interface UpgradeServices {
  readonly store: ObjectStore;
  readonly api: ApiServer;
  readonly network: PodNetwork;
  readonly faults: Faults;
}

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const FORWARD_PROTOCOLS = [TUNNEL, 'v4.channel.k8s.io', 'portforward.k8s.io'];

/** Serves what is not request and answer: `exec` and `portforward` of a pod. */
export function upgrades({
  store,
  api,
  network,
  faults,
}: UpgradeServices): (call: Pick<Call, 'request' | 'method' | 'path' | 'query'>, socket: Duplex, head: Buffer) => void {
  const sockets = webSockets();

  const target = (pod: ApiObject): ForwardTarget => ({
    connect: (port, stream) =>
      faults.forwardMode === 'refuse'
        ? `error forwarding port ${port} to pod ${pod.metadata.uid.replaceAll('-', '')}: connection refused`
        : network.connect(pod, port, stream),
    stalled: () => faults.forwardMode === 'stall' || faults.paused,
  });
  /** What is open can be cut; a forward ends with its pod as well. */
  const keep = (pod: ApiObject, closed: (listener: () => void) => void, cut: () => void, forward: boolean): void => {
    const one = { cut };
    const ends = [faults.opened(faults.streams, one), ...(forward ? [faults.opened(faults.forwards, one)] : [])];
    ends.push(
      store.subscribe((change) => {
        if (change.type === 'DELETED' && change.object.metadata.uid === pod.metadata.uid) cut();
      }),
    );
    closed(() => {
      for (const end of ends) end();
    });
  };
  const keepSocket = (pod: ApiObject, webSocket: WebSocket, forward: boolean): void =>
    keep(
      pod,
      (listener) => webSocket.once('close', listener),
      () => webSocket.terminate(),
      forward,
    );

  const forward = (pod: ApiObject, call: Pick<Call, 'request' | 'query'>, socket: Duplex, head: Buffer): void => {
    if (faults.forwardMode === 'gateway') throw badRequest('Upgrade is not supported');
    if (textOf(pod['status'], 'phase') !== 'Running')
      throw badRequest(`unable to forward port because pod is not running. Current status=${textOf(pod['status'], 'phase')}`);
    if ((call.request.headers.upgrade ?? '').toLowerCase() === 'spdy/3.1') {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n',
      );
      keep(
        pod,
        (listener) => socket.once('close', listener),
        () => socket.destroy(),
        true,
      );
      return forwardSpdy(socket, head, target(pod));
    }
    const ports = call.query
      .getAll('ports')
      .flatMap((list) => list.split(','))
      .map(Number);
    sockets.accept(call.request, socket, head, FORWARD_PROTOCOLS, (webSocket, protocol) => {
      keepSocket(pod, webSocket, true);
      if (protocol === TUNNEL) forwardTunnel(webSocket, target(pod));
      else forwardChannels(webSocket, ports, target(pod));
    });
  };

  const exec = (pod: ApiObject, call: Pick<Call, 'request' | 'query'>, socket: Duplex, head: Buffer): void => {
    containerOf(pod, call.query.get('container') ?? undefined);
    const command = call.query.getAll('command');
    if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
    sockets.accept(call.request, socket, head, EXEC_PROTOCOLS, (webSocket) => {
      keepSocket(pod, webSocket, false);
      serveExec(webSocket, store, pod, { command, stdin: call.query.get('stdin') === 'true', tty: call.query.get('tty') === 'true' });
    });
  };

  return (call, socket, head) => {
    try {
      // The verb is `create` for both, whatever the method of the handshake is.
      const found = api.admit({ ...call, method: 'POST' });
      if (found?.name === undefined || found.resource !== PODS) throw noRoute();
      const pod = store.get(PODS, found.namespace, found.name);
      if (pod === undefined) throw notFound(PODS, found.name);
      if (found.subresource === 'portforward') forward(pod, call, socket, head);
      else if (found.subresource === 'exec') exec(pod, call, socket, head);
      else throw noRoute();
    } catch (error) {
      const known =
        error instanceof ApiError ? error : new ApiError(500, 'InternalError', error instanceof Error ? error.message : String(error));
      refuse(socket, known);
    }
  };
}

function refuse(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(statusOf(error));
  socket.end(
    `HTTP/1.1 ${error.code} ${error.reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
