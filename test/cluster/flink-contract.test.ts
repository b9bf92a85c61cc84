import { join } from 'node:path';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { flinkContract, type FlinkUnderContract } from '../contract/flink-contract.ts';
import { insideContract } from '../contract/inside-contract.ts';

const examples = join(process.env['FLINK_HOME'] ?? '/opt/flink', 'examples');

const connect = async (): Promise<FlinkUnderContract> => {
  const client = createFlinkClient({ router: fixedRoute(process.env['DREY_TEST_REST_URL'] ?? '') });
  return {
    client,
    streaming: join(examples, 'streaming/TopSpeedWindowing.jar'),
    checkpointed: join(examples, 'jobs/StatefulCounter.jar'),
    slow: join(examples, 'jobs/Backpressured.jar'),
    close: async () => client[Symbol.asyncDispose](),
  };
};

flinkContract('a real cluster', connect);
insideContract('a real cluster', connect);
