import net from 'node:net';
import { once } from 'node:events';

/**
 * Stands before a REST endpoint and cuts the connection instead of passing on an answer: the server has acted, and the client does not know. `cut` decides by
 * the request's first line and how often such a line was cut before.
 */
export async function cuttingProxy(
  target: string,
  cut: (requestLine: string, nth: number) => boolean,
): Promise<AsyncDisposable & { readonly url: string; readonly cuts: () => number }> {
  const { hostname, port } = new URL(target);
  const open = new Set<net.Socket>();
  let cuts = 0;
  const server = net.createServer((from) => {
    const to = net.connect(Number(port), hostname);
    for (const socket of [from, to]) {
      open.add(socket);
      socket.on('close', () => {
        open.delete(socket);
        from.destroy();
        to.destroy();
      });
      // Either side may go at any time: that is what this is for.
      socket.on('error', () => undefined);
    }
    let cutting = false;
    from.on('data', (bytes: Buffer) => {
      const line = /^(?:GET|POST|PATCH|DELETE) .*/.exec(bytes.toString('latin1'))?.[0];
      if (line !== undefined) cutting = cut(line, cuts);
      to.write(bytes);
    });
    to.on('data', (bytes: Buffer) => {
      if (!cutting) return from.write(bytes);
      cuts += 1;
      from.destroy();
      return false;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    cuts: () => cuts,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
