// The tests on a real cluster, with the arguments for vitest that were given. Says so and succeeds if there is no cluster to test on.
import { spawnSync } from 'node:child_process';

if (process.env['KUBECONFIG'] === undefined) {
  console.log('No test on a real cluster was run: KUBECONFIG does not name one.');
} else {
  const { status } = spawnSync('vitest', ['run', '--config', 'vitest.cluster.config.ts', ...process.argv.slice(2)], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
