import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { answering, type Call } from '../api/call.ts';
import { textOf, type ApiObject } from '../api/objects.ts';

export interface PodNetwork extends Disposable {
  /** Connects a stream to a port of the pod; returns an error message if nothing listens there. */
  connect(pod: ApiObject, port: number, stream: Duplex): string | undefined;
  /** Passes one request to that port; returns an error message if nothing listens there. */
  serve(pod: ApiObject, port: number, call: Call): string | undefined;
}

export interface PodNetworkServices {
  /** The port of the REST endpoint in this pod; undefined if none listens. */
  readonly restPort: (pod: ApiObject) => number | undefined;
  readonly serve: (pod: ApiObject, call: Call) => void;
}

/** The network inside the sandbox: a JobManager pod answers HTTP on its REST port; nothing else listens. */
export function podNetwork({ restPort, serve }: PodNetworkServices): PodNetwork {
  const servers = new Map<string, Server>();
  const streams = new Set<Duplex>();
  const serverOf = (pod: ApiObject): Server => {
    let server = servers.get(pod.metadata.uid);
    if (server === undefined) {
      server = createServer(answering((call) => serve(pod, call), { anybody: true }));
      servers.set(pod.metadata.uid, server);
    }
    return server;
  };
  const listens = (pod: ApiObject, port: number): boolean => textOf(pod['status'], 'phase') === 'Running' && restPort(pod) === port;
  return {
    serve(pod, port, call) {
      if (!listens(pod, port)) return `dial tcp ${textOf(pod['status'], 'podIP')}:${port}: connect: connection refused`;
      serve(pod, call);
      return undefined;
    },
    connect(pod, port, stream) {
      if (!listens(pod, port)) {
        return `failed to connect to localhost:${port} inside namespace "${pod.metadata.uid.replaceAll('-', '')}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
      }
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      serverOf(pod).emit('connection', stream);
      return undefined;
    },
    [Symbol.dispose]() {
      for (const stream of streams) stream.destroy();
      for (const server of servers.values()) server.closeAllConnections();
    },
  };
}
