import { createServer } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy that knows CONNECT, as `host:port`; `targets` gets what it was asked for, with the credentials. `cluster.example` is this machine. */
export async function connectProxy(targets: string[], tls?: ServerOptions): Promise<string> {
  const proxy = tls ? createTlsServer(tls) : createServer();
  proxy.on('connect', (request, socket, head) => {
    targets.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const far = connect(Number(port), host === 'cluster.example' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    socket.on('error', () => far.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  );
  return `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
