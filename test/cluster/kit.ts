import { spawn } from 'node:child_process';
import https from 'node:https';
import { eventually } from '../support/until.ts';

/** The program that runs the test cluster: its users, and its faults. */
const program = process.env['DREY_CLUSTER_KIT'] ?? '';

/** Runs a command of it to its end; resolves with the last line it printed. */
export function kit(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(output.trim().split('\n').at(-1) ?? '')
        : reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${complaint}`)),
    );
  });
}

/** True if the API server answers there, whatever it answers. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = https.get(url, { rejectUnauthorized: false, agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(true);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve(false));
  });

/**
 * Resolves when pods reach the API server. An API server that stops takes itself out of its service, and kube-proxy, which asks it ever less
 * often while it is away, may notice only a minute later that it is back. A JobManager that starts meanwhile cannot watch its pods, and ends.
 */
export async function podsReachTheApi(): Promise<void> {
  const address = await kit('forward', '0', 'kubernetes.default.svc.cluster.local:443');
  try {
    await eventually('the API server answers through its service', () => answers(`https://${address}/readyz`), 180_000);
  } finally {
    await kit('unforward', new URL(`https://${address}`).port);
  }
}
