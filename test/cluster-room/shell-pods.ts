import { spawn } from 'node:child_process';
import type { ExecRequest } from '../../src/kubernetes/model/types.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';

/** A cluster whose JobManager pod has the shell and the files of this machine. */
export class ShellPods extends FakeKubernetes {
  readonly ran: ExecRequest[] = [];

  override exec(request: ExecRequest): Promise<number> {
    this.ran.push(request);
    const {
      command: [program = '', ...args],
      onStdout,
      onStderr,
    } = request;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => onStdout?.(chunk));
    child.stderr.on('data', (chunk: Buffer) => onStderr?.(chunk));
    return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  }
}

/** A pod whose disk does not answer: a program that was started in it ends only when it is given up. */
export class HangingPods extends FakeKubernetes {
  readonly #start = Promise.withResolvers<void>();
  /** A program was started. */
  readonly began = this.#start.promise;

  override exec({ signal }: ExecRequest): Promise<number> {
    this.#start.resolve();
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  }
}
