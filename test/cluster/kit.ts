import { spawn } from 'node:child_process';

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
