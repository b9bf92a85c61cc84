import { defineConfig } from 'vitest/config';

/** The tests on a real cluster: one file after another, since they share it. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    exclude: [
      // It can be run on any Flink, and only where one is named.
      ...(process.env['DREY_TEST_REST_URL'] === undefined
        ? ['test/cluster/flink-rest.test.ts', 'test/cluster/flink-contract.test.ts']
        : []),
      // The program that gives the cluster users and faults, where there is one.
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
      // Flink's own client, to compare with.
      ...(process.env['FLINK_HOME'] === undefined ? ['test/cluster/side-by-side.test.ts'] : []),
    ],
    fileParallelism: false,
    env: { FORCE_COLOR: '3' },
    testTimeout: 240_000,
    // Hooks start clusters, and a JVM on a machine with other work takes minutes.
    hookTimeout: 480_000,
  },
});
