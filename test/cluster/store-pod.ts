import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { kit } from './kit.ts';
import { eventually, type TestNamespace } from './session-cluster.ts';

const modules = join(import.meta.dirname, '../../node_modules');

/** An S3 store that the cluster and this machine reach by one and the same address. */
export interface StorePod extends AsyncDisposable {
  readonly endpoint: string;
  /** What a program of this machine needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** The keys of all objects of `my-bucket`. */
  keys(): Promise<readonly string[]>;
}

/** Runs the store of this checkout in a pod; the node has to be this machine. `folder` takes a file for `env`. */
export async function startStore({ name: namespace, kubectl }: TestNamespace, folder: string): Promise<StorePod> {
  const port = await freePort();
  const host = `store.${namespace}.svc.cluster.local`;
  const script = `const S3rver = require('/store/node_modules/s3rver');
    new S3rver({ address: '0.0.0.0', port: ${port}, directory: '/data', vhostBuckets: false, configureBuckets: [{ name: 'my-bucket', configs: [] }] }).run()`;
  // Node.js needs it, and the image of Flink does not have it.
  const { sharedObjects } = process.report.getReport() as { readonly sharedObjects: readonly string[] };
  const libraries = sharedObjects.filter((path) => path.includes('/libatomic.'));
  const pod = {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'store', labels: { app: 'store' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{
        name: 'store', image: process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0', command: ['/store/node_modules/.bin/node', '-e', script], securityContext: { runAsUser: 0 },
        resources: { requests: { cpu: '10m', memory: '64Mi' } }, readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
        volumeMounts: [{ name: 'modules', mountPath: '/store/node_modules', readOnly: true }, { name: 'data', mountPath: '/data' }, ...libraries.map((path, at) => ({ name: `library-${at}`, mountPath: path, readOnly: true }))],
      }],
      volumes: [{ name: 'modules', hostPath: { path: modules } }, { name: 'data', emptyDir: {} }, ...libraries.map((path, at) => ({ name: `library-${at}`, hostPath: { path } }))],
    },
  };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'store' }, spec: { selector: { app: 'store' }, ports: [{ port }] } };
  const file = join(folder, 'store.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod, service] }));
  await kubectl('apply', '-f', file);
  await kubectl('wait', 'pod/store', '--for=condition=Ready', '--timeout=120s');
  await kit('forward', String(port), `${host}:${port}`);
  // This machine knows no name of the cluster: a program that is run with this file finds the one that is forwarded.
  const names = join(folder, 'names.cjs');
  writeFileSync(names, `const dns = require('node:dns');
    const lookup = dns.lookup;
    dns.lookup = (name, ...rest) => lookup(name === '${host}' ? '127.0.0.1' : name, ...rest);`);
  const keys = async (): Promise<readonly string[]> => [...(await (await fetch(`http://127.0.0.1:${port}/my-bucket`)).text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  await eventually('the store answers', () => keys().catch(() => undefined));
  return {
    endpoint: `http://${host}:${port}`, env: { NODE_OPTIONS: `--require=${names}` }, keys,
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
