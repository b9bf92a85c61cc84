import { homedir } from 'node:os';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { NAMESPACES } from '../../src/kubernetes/model/resources.ts';
import { kubernetesContract } from '../contract/kubernetes-contract.ts';
import { startTalker } from './talker-pod.ts';

kubernetesContract('a real Kubernetes', async () => {
  const client = await connectKubernetes({ env: process.env, home: homedir() });
  const namespace = `drey-kubernetes-${process.pid}`;
  await client.create(NAMESPACES, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await startTalker(client, namespace, 'talker');
  return {
    client,
    namespace,
    pod: 'talker',
    container: 'main',
    port: 8081,
    path: '/',
    async close() {
      await client.delete({ resource: NAMESPACES, name: namespace });
      await client[Symbol.asyncDispose]();
    },
  };
});
