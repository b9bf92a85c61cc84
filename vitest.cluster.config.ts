import { defineConfig } from 'vitest/config';

/** The tests on a real cluster: one file after another, since they share it. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    exclude: [
      // These can run on any Flink, but only if one is given.
      ...(process.env['DREY_TEST_REST_URL'] === undefined
        ? ['test/cluster/flink-rest.test.ts', 'test/cluster/flink-contract.test.ts']
        : []),
      // These need the program that adds users and faults to the cluster.
      ...(process.env['DREY_CLUSTER_KIT'] === undefined
        ? [
            'test/cluster/kubernetes-users.test.ts',
            'test/cluster/kubernetes-faults.test.ts',
            'test/cluster/outage.test.ts',
            'test/cluster/doctor.test.ts',
            'test/cluster/artifacts.test.ts',
            'test/cluster/documented.test.ts',
          ]
        : []),
      // It compares with Flink's own client.
      ...(process.env['FLINK_HOME'] === undefined ? ['test/cluster/side-by-side.test.ts'] : []),
    ],
    fileParallelism: false,
    env: { FORCE_COLOR: '3' },
    testTimeout: 240_000,
    // Hooks start clusters, and on a busy machine a JVM takes minutes.
    hookTimeout: 480_000,
  },
});
