import { execFile, spawnSync } from 'node:child_process';

/** Whether there is a kubectl on this machine: where it is, it judges beside what was recorded of it. */
export const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl with nothing but this kubeconfig. */
export function kubectl(file: string, ...args: readonly string[]): Promise<Ran> {
  const { PATH } = process.env;
  return new Promise((resolve) => {
    const running = execFile('kubectl', ['--kubeconfig', file, ...args], { env: { PATH, HOME: '/nowhere' } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    // Without it kubectl asks for a user name, and waits.
    running.stdin?.end();
  });
}
