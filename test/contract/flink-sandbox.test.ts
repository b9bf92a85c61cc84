import { homedir } from 'node:os';
import { join } from 'node:path';
import { createRestRouter } from '../../src/cluster/rest-router.ts';
import { createFlinkClient } from '../../src/flink/client.ts';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { flinkContract } from './flink-contract.ts';

flinkContract('the sandbox', async () => {
  const sandbox = await startSandbox({ speed: 5 });
  const kubernetes = await connectKubernetes({ kubeconfig: sandbox.kubeconfig, env: {}, home: homedir() });
  const router = createRestRouter({ kubernetes, clusterId: sandbox.clusterId, namespace: sandbox.namespace });
  const client = createFlinkClient({ router });
  return {
    client, streaming: join(sandbox.examples, 'TopSpeedWindowing.jar'), checkpointed: join(sandbox.examples, 'OrdersEnrichment.jar'),
    async close() {
      for (const each of [client, router, kubernetes, sandbox]) await each[Symbol.asyncDispose]();
    },
  };
});
