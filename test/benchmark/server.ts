import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { ControlAnswer, ControlCommand } from '../../src/sandbox/control/command.ts';
import type { Workshop } from './workshop.ts';

/** `drey sandbox` in another process: a local cluster that costs the measured program nothing. */
export interface Server extends AsyncDisposable {
  readonly kubeconfig: string;
  readonly clusterId: string;
  control(command: ControlCommand): Promise<ControlAnswer>;
}

export async function startServer(workshop: Workshop): Promise<Server> {
  const child = spawn(workshop.bin('drey'), ['sandbox'], {
    env: { ...process.env, ...workshop.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(line.replace(/^KUBECONFIG=/, '')));
    void exited.then(() => reject(new Error('drey sandbox ended at once')));
  });
  const url = /server: "?(http[^"\s]+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1];
  if (url === undefined) throw new Error(`no server in ${kubeconfig}`);
  return {
    kubeconfig,
    clusterId: 'my-first-flink-cluster',
    control: (command) => post(`${url}/sandbox/control`, command),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** One connection per command: an answer may take as long as the command. */
function post(url: string, command: ControlCommand): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } }, async (response) => {
      const answer = Buffer.concat(await response.toArray()).toString('utf8');
      if (response.statusCode === 200) resolve(JSON.parse(answer) as ControlAnswer);
      else reject(new Error(`${command.kind}: ${answer}`));
    });
    asking.on('error', reject);
    asking.end(JSON.stringify(command));
  });
}
