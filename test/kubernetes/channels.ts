import type { ServerOptions } from 'node:https';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { apiServer, type ApiServer } from './api-server.ts';

/** An API server whose upgrades become WebSockets of a channel protocol. */
export interface ChannelServer {
  readonly server: ApiServer;
  /** The sockets that were opened, with the paths that were asked for. */
  readonly sockets: { readonly socket: WebSocket; readonly path: string }[];
}

/** `protocols`: those that this server knows, best first. */
export async function channelServer(
  onSocket: (socket: WebSocket, path: string) => void = () => {},
  protocols: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
  tls?: ServerOptions,
): Promise<ChannelServer> {
  const server = await apiServer(undefined, tls);
  const sockets: ChannelServer['sockets'] = [];
  const upgrades = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  server.onUpgrade((request, socket, head) =>
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      sockets.push({ socket: opened, path: request.url ?? '' });
      opened.on('error', () => {});
      onSocket(opened, request.url ?? '');
    }),
  );
  onTestFinished(async () => {
    for (const { socket } of sockets) socket.terminate();
    await server.stop();
  });
  return { server, sockets };
}

export const message = (channel: number, payload: Buffer | string | readonly number[]): Buffer =>
  Buffer.concat([Buffer.from([channel]), typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload as Buffer)]);

/** The first messages of a port-forward: each channel repeats the port. */
export function announce(socket: WebSocket, port: number): void {
  for (const channel of [0, 1]) socket.send(message(channel, [port & 255, port >> 8]));
}
