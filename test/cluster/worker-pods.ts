import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spoolFolder } from '../../src/spool/places.ts';
import { readSpool, type SpooledPod, spooledPods } from '../../src/spool/reader.ts';
import { textOf } from '../support/log-line.ts';

/** A cluster without Flink in it: its pods write lines that are known. */

const container = 'flink-main-container';
const image = process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0';

const labels = (clusterId: string, component: string) => ({ app: clusterId, component, type: 'flink-native-kubernetes' });

/** What makes it a cluster: a Deployment without pods. */
export const deployment = (clusterId: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: clusterId, labels: labels(clusterId, 'jobmanager') },
  spec: {
    replicas: 0,
    selector: { matchLabels: labels(clusterId, 'jobmanager') },
    template: {
      metadata: { labels: labels(clusterId, 'jobmanager') },
      spec: { containers: [{ name: container, image, imagePullPolicy: 'Never' }] },
    },
  },
});

/** Like a TaskManager of Flink for Kubernetes, but that it runs a script of Perl. What it writes to `/state` outlives a restart of its container. */
export const worker = (clusterId: string, name: string, script: string, restartPolicy: 'Never' | 'Always' = 'Never') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${clusterId}-${name}`, labels: labels(clusterId, 'taskmanager') },
  spec: {
    restartPolicy,
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: container,
        image,
        imagePullPolicy: 'Never',
        command: ['perl', '-e', script],
        resources: { requests: { cpu: '10m' }, limits: { memory: '64Mi' } },
        volumeMounts: [{ name: 'state', mountPath: '/state' }],
      },
    ],
    volumes: [{ name: 'state', emptyDir: {} }],
  },
});

/** The pods of the one cluster whose logs are kept below a folder for the state of programs. */
export async function keptPods(state: string): Promise<readonly SpooledPod[]> {
  const root = spoolFolder(join(state, 'drey'));
  const [cluster = 'none'] = ((): readonly string[] => {
    try {
      return readdirSync(root);
    } catch {
      return [];
    }
  })();
  return spooledPods(join(root, cluster));
}

/** What is kept of the log of a pod. */
export async function keptText(state: string, name: string): Promise<string> {
  const found = (await keptPods(state)).find(({ pod }) => pod.shortName === name);
  if (found === undefined) return '';
  let text = '';
  for await (const { lines } of readSpool({ folder: found.folder, container })) for (const line of lines) text += `${textOf(line)}\n`;
  return text;
}
