import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ApiServer } from '../api/api-server.ts';
import type { Handshake } from '../api/call.ts';
import { textOf, type ApiObject } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import { ApiError, badRequest, noRoute, notFound, statusOf } from '../api/status.ts';
import type { ObjectStore } from '../api/store.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { MountedFiles } from '../pods/mounted-files.ts';
import type { PodDisks } from '../pods/pod-machine.ts';
import type { Cuttable, Faults } from '../base/faults.ts';
import { containerOf } from '../pods/serve-log.ts';
import { EXEC_PROTOCOLS, serveExec } from './exec.ts';
import type { PodNetwork } from './pod-network.ts';
import { forwardChannels, forwardSpdy, forwardTunnel, type ForwardTarget } from './port-forward.ts';
import { webSockets, type WebSockets } from './web-sockets.ts';

export interface UpgradeServices {
  readonly store: ObjectStore;
  readonly mounted: MountedFiles;
  readonly disks: PodDisks;
  /** Real time. */
  readonly wall: SandboxClock;
  readonly api: ApiServer;
  readonly network: PodNetwork;
  readonly faults: Faults;
}

/** A connection that asks to be upgraded. */
interface Connection {
  readonly call: Handshake;
  readonly socket: Duplex;
  /** Bytes that the client sent right after its request. */
  readonly head: Buffer;
}

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const FORWARD_PROTOCOLS = [TUNNEL, 'v4.channel.k8s.io', 'portforward.k8s.io'];

/** Serves `exec` and `portforward` of a pod. */
export class Upgrades {
  readonly #services: UpgradeServices;
  readonly #sockets: WebSockets = webSockets();

  constructor(services: UpgradeServices) {
    this.#services = services;
  }

  serve(connection: Connection): void {
    try {
      const { pod, subresource } = this.#named(connection.call);
      if (subresource === 'portforward') this.#forward(pod, connection);
      else if (subresource === 'exec') this.#exec(pod, connection);
      else throw noRoute();
    } catch (error) {
      const known =
        error instanceof ApiError ? error : new ApiError(500, 'InternalError', error instanceof Error ? error.message : String(error));
      refuse(connection.socket, known);
    }
  }

  #named(call: Handshake): { readonly pod: ApiObject; readonly subresource: string } {
    const { api, store } = this.#services;
    // The verb is `create` for both, whatever the method of the handshake is.
    const found = api.admit({ ...call, method: 'POST' });
    if (found?.name === undefined || found.resource !== PODS) throw noRoute();
    const pod = store.get(PODS, found.namespace, found.name);
    if (pod === undefined) throw notFound(PODS, found.name);
    return { pod, subresource: found.subresource };
  }

  #forward(pod: ApiObject, { call, socket, head }: Connection): void {
    const { faults } = this.#services;
    if (faults.forwardMode === 'gateway') throw badRequest('Upgrade is not supported');
    const phase = textOf(pod['status'], 'phase');
    if (phase !== 'Running') throw badRequest(`unable to forward port because pod is not running. Current status=${phase}`);
    const target = this.#target(pod);
    if ((call.request.headers.upgrade ?? '').toLowerCase() === 'spdy/3.1') {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n',
      );
      const over = this.#opened(pod, { cut: () => socket.destroy() }, [faults.streams, faults.forwards]);
      socket.once('close', over);
      return forwardSpdy(socket, head, target);
    }
    this.#sockets.accept(call.request, socket, head, FORWARD_PROTOCOLS, (webSocket, protocol) => {
      this.#openedSocket(pod, webSocket, [faults.streams, faults.forwards]);
      if (protocol === TUNNEL) forwardTunnel(webSocket, target);
      else forwardChannels(webSocket, portsOf(call.query), target);
    });
  }

  #exec(pod: ApiObject, { call, socket, head }: Connection): void {
    const { mounted, disks, wall, faults } = this.#services;
    containerOf(pod, call.query.get('container') ?? undefined);
    const command = call.query.getAll('command');
    if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
    this.#sockets.accept(call.request, socket, head, EXEC_PROTOCOLS, (webSocket) => {
      this.#openedSocket(pod, webSocket, [faults.streams]);
      const disk = disks.of(pod, mounted.seenBy(pod));
      serveExec(
        webSocket,
        { pod, disk, clock: wall },
        {
          command,
          stdin: call.query.get('stdin') === 'true',
          tty: call.query.get('tty') === 'true',
        },
      );
    });
  }

  #target(pod: ApiObject): ForwardTarget {
    const { faults, network } = this.#services;
    return {
      connect: (port, stream) =>
        faults.forwardMode === 'refuse'
          ? `error forwarding port ${port} to pod ${pod.metadata.uid.replaceAll('-', '')}: connection refused`
          : network.connect(pod, port, stream),
      stalled: () => faults.forwardMode === 'stall' || faults.paused,
    };
  }

  #openedSocket(pod: ApiObject, webSocket: WebSocket, kept: readonly Set<Cuttable>[]): void {
    webSocket.once('close', this.#opened(pod, { cut: () => webSocket.terminate() }, kept));
  }

  /** Lets faults cut an open stream, and ends it with its pod. Returns a function to call when the stream has closed. */
  #opened(pod: ApiObject, stream: Cuttable, kept: readonly Set<Cuttable>[]): () => void {
    const { store, faults } = this.#services;
    const ends = kept.map((set) => faults.opened(set, stream));
    ends.push(
      store.subscribe((change) => {
        if (change.type === 'DELETED' && change.object.metadata.uid === pod.metadata.uid) stream.cut();
      }),
    );
    return () => {
      for (const end of ends) end();
    };
  }
}

const portsOf = (query: URLSearchParams): number[] =>
  query
    .getAll('ports')
    .flatMap((list) => list.split(','))
    .map(Number);

function refuse(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(statusOf(error));
  socket.end(
    `HTTP/1.1 ${error.code} ${error.reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
