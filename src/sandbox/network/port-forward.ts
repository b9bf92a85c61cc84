import { Duplex as DuplexStream, type Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { spdyConnection } from './spdy.ts';

/** The far end of a port-forward, with the faults that affect it. */
export interface ForwardTarget {
  /** Connects a stream to a port of the pod; returns an error message if nothing listens there. */
  connect(port: number, stream: Duplex): string | undefined;
  /** Bytes stop flowing while this is true (a fault). */
  stalled(): boolean;
}

/** `SPDY/3.1+portforward.k8s.io`: SPDY frames inside WebSocket messages. Source: client-go tools/portforward TunnelingConnection. */
export function forwardTunnel(socket: WebSocket, target: ForwardTarget): void {
  const spdy = spdyForward(
    (bytes) => socket.readyState === socket.OPEN && socket.send(bytes),
    () => socket.terminate(),
    target,
  );
  socket.on('message', (message) => spdy.receive(message as Buffer));
  socket.on('close', () => spdy.close());
}

/** `SPDY/3.1` on the bare connection, as older clients upgrade to. */
export function forwardSpdy(connection: Duplex, head: Buffer, target: ForwardTarget): void {
  const spdy = spdyForward(
    (bytes) => !connection.destroyed && connection.write(bytes),
    () => connection.destroy(),
    target,
  );
  if (head.length > 0) spdy.receive(head);
  connection.on('data', (bytes: Buffer) => spdy.receive(bytes));
  connection.on('close', () => spdy.close());
  // If the client resets the connection, only this forward ends.
  connection.on('error', () => spdy.close());
}

function spdyForward(send: (bytes: Buffer) => unknown, onBroken: () => void, target: ForwardTarget): ReturnType<typeof spdyConnection> {
  const errors = new Map<string, Duplex>();
  return spdyConnection({
    send: (bytes) => void (target.stalled() ? undefined : send(bytes)),
    onBroken,
    onStream(headers, stream) {
      const request = headers.get('requestid') ?? '';
      // If the client resets the stream, only this stream ends.
      stream.on('error', () => stream.destroy());
      if (headers.get('streamtype') === 'error') {
        errors.set(request, stream);
        stream.resume();
        stream.once('close', () => errors.delete(request));
        return;
      }
      const refusal = target.connect(Number(headers.get('port')), stream);
      const error = errors.get(request);
      if (refusal !== undefined) {
        error?.end(refusal);
        stream.end();
        stream.resume();
        return;
      }
      stream.once('finish', () => error?.end());
    },
  });
}

/** `v4.channel.k8s.io`: for each port a data and an error channel; each begins with its port, little-endian. */
export function forwardChannels(socket: WebSocket, ports: readonly number[], target: ForwardTarget): void {
  const send = (channel: number, bytes: Buffer): void => {
    if (socket.readyState === socket.OPEN && !target.stalled()) socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
  };
  const streams = ports.map((port, index) => {
    const first = Buffer.alloc(2);
    first.writeUInt16LE(port);
    send(index * 2, first);
    send(index * 2 + 1, first);
    const stream = new DuplexStream({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        send(index * 2, chunk);
        done();
      },
      final(done) {
        // The protocol has no half-close: the far side's end closes the connection.
        if (streams.length === 1) socket.close(1000);
        done();
      },
    });
    stream.on('error', () => stream.destroy());
    // The process in the pod dropped the connection, so the forward does too.
    stream.once('close', () => {
      if (ports.length === 1 && !stream.writableFinished) socket.close(1000);
    });
    const refusal = target.connect(port, stream);
    if (refusal !== undefined) {
      send(index * 2 + 1, Buffer.from(refusal));
      if (ports.length === 1) socket.close(1000);
    }
    return stream;
  });
  socket.on('message', (message) => {
    const bytes = message as Buffer;
    const channel = bytes[0] ?? 0;
    if (channel % 2 === 0 && !target.stalled()) streams[channel / 2]?.push(bytes.subarray(1));
  });
  socket.on('close', () => {
    for (const stream of streams) stream.destroy();
  });
}
