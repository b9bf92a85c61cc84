import { join } from 'node:path';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { flinkContract } from '../contract/flink-contract.ts';

const examples = join(process.env['FLINK_HOME'] ?? '/opt/flink', 'examples');

flinkContract('a real cluster', async () => {
  const client = createFlinkClient({ router: fixedRoute(process.env['DREY_TEST_REST_URL'] ?? '') });
  return {
    client,
    streaming: join(examples, 'streaming/TopSpeedWindowing.jar'),
    checkpointed: join(examples, 'jobs/StatefulCounter.jar'),
    close: async () => client[Symbol.asyncDispose](),
  };
});
