import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

interface KubeconfigFile {
  clusters: { name: string; cluster: { server: string } }[];
  contexts: { name: string; context: { cluster: string } }[];
  'current-context': string;
}

/** A way to the API server that can be cut for one program alone. */
export interface Gate extends AsyncDisposable {
  /** A kubeconfig that leads through it. */
  readonly kubeconfig: string;
  /** Breaks every connection, and refuses new ones until `open`. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** Stands before the API server of the current context and passes bytes on as they are, TLS included. Writes its kubeconfig into `folder`. */
export async function gateBeforeApiServer(folder: string): Promise<Gate> {
  const config = parse(readFileSync(process.env['KUBECONFIG'] ?? join(homedir(), '.kube/config'), 'utf8')) as KubeconfigFile;
  const context = config.contexts.find(({ name }) => name === config['current-context']);
  const cluster = config.clusters.find(({ name }) => name === context?.context.cluster)?.cluster;
  if (cluster === undefined) throw new Error('The kubeconfig has no cluster in its current context.');
  const server = new URL(cluster.server);
  const sockets = new Set<net.Socket>();
  const listener = net.createServer((from) => {
    const to = net.connect(Number(server.port || 443), server.hostname);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        from.destroy();
        to.destroy();
      });
      // Either side may go at any time: that is what this is for.
      socket.on('error', () => undefined);
    }
    from.pipe(to).pipe(from);
  });
  const listen = async (port: number): Promise<number> => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return (listener.address() as net.AddressInfo).port;
  };
  const port = await listen(0);
  const shut = async (): Promise<void> => {
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  // The certificate is checked against this name: the API server's own.
  const named = { ...cluster, server: `https://127.0.0.1:${port}`, 'tls-server-name': server.hostname };
  const kubeconfig = join(folder, 'gate.yaml');
  writeFileSync(
    kubeconfig,
    stringify({ ...config, clusters: config.clusters.map((each) => (each.cluster === cluster ? { ...each, cluster: named } : each)) }),
    { mode: 0o600 },
  );
  return {
    kubeconfig,
    shut,
    open: async () => void (await listen(port)),
    async [Symbol.asyncDispose]() {
      if (listener.listening) await shut();
    },
  };
}
