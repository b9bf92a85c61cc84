import { homedir } from 'node:os';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { PODS } from '../../src/kubernetes/model/resources.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { kubernetesContract } from './kubernetes-contract.ts';

kubernetesContract('the sandbox', async () => {
  const sandbox = await startSandbox();
  const client = await connectKubernetes({ kubeconfig: sandbox.kubeconfig, env: {}, home: homedir() });
  const [jobManager] = await client.list(PODS, { namespace: sandbox.namespace, labelSelector: 'component=jobmanager' });
  return {
    client,
    namespace: sandbox.namespace,
    pod: jobManager?.metadata?.name ?? '',
    container: 'flink-main-container',
    port: 8081,
    path: '/overview',
    async close() {
      await client[Symbol.asyncDispose]();
      await sandbox.close();
    },
  };
});
