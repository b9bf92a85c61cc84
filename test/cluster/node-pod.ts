import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestNamespace } from './session-cluster.ts';

const modules = join(import.meta.dirname, '../../node_modules');

/** A program for Node.js that serves one port. */
export interface NodePod {
  readonly name: string;
  readonly port: number;
  /** CommonJS; packages of this checkout are below `/served/node_modules`, and `folder` is `/served/folder`. */
  readonly script: string;
  /** A folder of this machine that it may read. */
  readonly folder: string;
}

/** Runs it in a pod behind a Service of its name, with the Node.js of this checkout; the node has to be this machine. Resolves when the port is open. */
export async function startNodePod({ kubectl }: TestNamespace, { name, port, script, folder }: NodePod): Promise<void> {
  // Node.js needs it, and the image of Flink does not have it.
  const { sharedObjects } = process.report.getReport() as { readonly sharedObjects: readonly string[] };
  const libraries = sharedObjects.filter((path) => path.includes('/libatomic.'));
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0',
          command: ['/served/node_modules/.bin/node', '-e', script],
          securityContext: { runAsUser: 0 },
          resources: { requests: { cpu: '10m', memory: '64Mi' } },
          readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
          volumeMounts: [
            { name: 'modules', mountPath: '/served/node_modules', readOnly: true },
            { name: 'folder', mountPath: '/served/folder', readOnly: true },
            { name: 'data', mountPath: '/data' },
            ...libraries.map((path, at) => ({ name: `library-${at}`, mountPath: path, readOnly: true })),
          ],
        },
      ],
      volumes: [
        { name: 'modules', hostPath: { path: modules } },
        { name: 'folder', hostPath: { path: folder } },
        { name: 'data', emptyDir: {} },
        ...libraries.map((path, at) => ({ name: `library-${at}`, hostPath: { path } })),
      ],
    },
  };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port }] } };
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service, pod] }));
  await kubectl('apply', '-f', file);
  await kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s');
}
