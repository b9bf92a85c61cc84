// Runs the tests on a real cluster, with the given arguments for vitest. Without a cluster, says so and succeeds.
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
