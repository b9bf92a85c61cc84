import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { kit } from './kit.ts';
import { startNodePod } from './node-pod.ts';
import { type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

/** An S3 store that the cluster and this machine reach by one and the same address. */
export interface StorePod extends AsyncDisposable {
  readonly endpoint: string;
  /** What a program of this machine needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** The keys of all objects of `my-bucket`. */
  keys(): Promise<readonly string[]>;
}

/** Runs the store of this checkout in a pod; the node has to be this machine. `folder` takes a file for `env`. */
export async function startStore(namespace: TestNamespace, folder: string): Promise<StorePod> {
  const port = await freePort();
  const host = `store.${namespace.name}.svc.cluster.local`;
  const script = `const S3rver = require('/served/node_modules/s3rver');
    new S3rver({ address: '0.0.0.0', port: ${port}, directory: '/data', vhostBuckets: false, configureBuckets: [{ name: 'my-bucket', configs: [] }] }).run()`;
  await startNodePod(namespace, { name: 'store', port, script, folder });
  await kit('forward', String(port), `${host}:${port}`);
  // This machine knows no name of the cluster: a program that is run with this file finds the one that is forwarded.
  const names = join(folder, 'names.cjs');
  writeFileSync(
    names,
    `const dns = require('node:dns');
    const lookup = dns.lookup;
    dns.lookup = (name, ...rest) => lookup(name === '${host}' ? '127.0.0.1' : name, ...rest);`,
  );
  const keys = async (): Promise<readonly string[]> =>
    [...(await (await fetch(`http://127.0.0.1:${port}/my-bucket`)).text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  await eventually('the store answers', () => keys().catch(() => undefined));
  return {
    endpoint: `http://${host}:${port}`,
    env: { DREY_NODE_OPTIONS: `--require=${names}` },
    keys,
    async [Symbol.asyncDispose]() {
      await kit('unforward', String(port));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
