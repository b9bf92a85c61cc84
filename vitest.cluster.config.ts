import { defineConfig } from 'vitest/config';

/** The tests on a real cluster: one file after another, since they share it. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    fileParallelism: false,
    env: { FORCE_COLOR: '3' },
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
