import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

export interface WebSockets {
  /** Upgrades a connection with the first of `known` that the client offers; without one, 400. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    known: readonly string[],
    opened: (webSocket: WebSocket, protocol: string) => void,
  ): void;
}

/** WebSockets with Kubernetes' protocol names. `ws` refuses names with a slash, such as `SPDY/3.1+portforward.k8s.io`, so the protocol is chosen here. */
export function webSockets(): WebSockets {
  const server = new WebSocketServer({ noServer: true, clientTracking: false });
  const chosen = new WeakMap<IncomingMessage, string>();
  server.on('headers', (headers, request) => {
    const protocol = chosen.get(request);
    if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
  });
  return {
    accept(request, socket, head, known, opened) {
      const offered = String(request.headers['sec-websocket-protocol'] ?? '')
        .split(',')
        .map((name) => name.trim());
      const protocol = known.find((name) => offered.includes(name));
      if (protocol === undefined) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      chosen.set(request, protocol);
      delete request.headers['sec-websocket-protocol'];
      server.handleUpgrade(request, socket, head, (webSocket) => {
        // If the client breaks off, only its socket ends.
        webSocket.on('error', () => webSocket.terminate());
        opened(webSocket, protocol);
      });
    },
  };
}
