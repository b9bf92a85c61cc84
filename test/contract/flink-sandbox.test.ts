import { homedir } from 'node:os';
import { join } from 'node:path';
import { createRestRouter } from '../../src/cluster/endpoint/rest-router.ts';
import { createFlinkClient } from '../../src/flink/client.ts';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { insideContract } from './inside-contract.ts';
import { flinkContract, type FlinkUnderContract } from './flink-contract.ts';

async function sandboxed(prepare: (sandbox: Sandbox) => Promise<unknown>): Promise<FlinkUnderContract> {
  const sandbox = await startSandbox({ speed: 5 });
  await prepare(sandbox);
  const kubernetes = await connectKubernetes({ kubeconfig: sandbox.kubeconfig, env: {}, home: homedir() });
  const router = createRestRouter({ kubernetes, clusterId: sandbox.clusterId, namespace: sandbox.namespace });
  const client = createFlinkClient({ router });
  return {
    client,
    streaming: join(sandbox.examples, 'TopSpeedWindowing.jar'),
    checkpointed: join(sandbox.examples, 'OrdersEnrichment.jar'),
    slow: join(sandbox.examples, 'Backpressured.jar'),
    async close() {
      for (const each of [client, router, kubernetes, sandbox]) await each[Symbol.asyncDispose]();
    },
  };
}

flinkContract('the sandbox', () => sandboxed(async () => undefined));
flinkContract('the sandbox behind a gateway that upgrades no connection', () =>
  sandboxed((sandbox) => sandbox.control({ kind: 'port-forward', mode: 'gateway' })),
);
insideContract('the sandbox', () => sandboxed(async () => undefined));
