import { readFileSync } from 'node:fs';
import { spawn, type IPty } from '@lydell/node-pty';

/** A program on a pseudo-terminal, watched with little work of our own: what it writes is only searched, not emulated. */
export class Program implements AsyncDisposable {
  readonly #pty: IPty;
  readonly #exit: Promise<void>;
  readonly #listeners = new Set<(chunk: string) => void>();
  readonly started = performance.now();
  #tail = '';

  constructor(command: string, args: readonly string[], { columns = 200, rows = 50, env = {}, cwd = process.cwd() }: { readonly columns?: number; readonly rows?: number; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {}) {
    const { CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env;
    this.#pty = spawn(command, [...args], { name: 'xterm-256color', cols: columns, rows, cwd, env: { ...inherited, COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...env } });
    this.#exit = new Promise((resolve) => this.#pty.onExit(() => resolve()));
    this.#pty.onData((chunk) => {
      // What was searched for may be split between two chunks.
      this.#tail = (this.#tail + chunk).slice(-65_536);
      for (const listener of [...this.#listeners]) listener(chunk);
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  write(text: string): void {
    this.#pty.write(text);
  }

  /** Calls `listener` for every chunk until the returned function is called. */
  onOutput(listener: (chunk: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Milliseconds from the start until all of `wanted` were written; rejects after `limitMs`. */
  until(wanted: readonly (string | RegExp)[], limitMs = 30_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const missing = new Set(wanted);
      const look = () => {
        for (const each of missing) if (typeof each === 'string' ? this.#tail.includes(each) : each.test(this.#tail)) missing.delete(each);
        if (missing.size > 0) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(performance.now() - this.started);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`not written within ${limitMs} ms: ${[...missing].join(', ')}`));
      }, limitMs);
      this.#listeners.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pty.kill('SIGTERM');
    const timer = setTimeout(() => this.#pty.kill('SIGKILL'), 3000);
    await this.#exit;
    clearTimeout(timer);
  }
}

/** Resident memory in MB. Linux only: from /proc. */
export function residentMegabytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) / 1024;
}

/** Processor time that a process has used, in milliseconds. Linux only: clock ticks of 10 ms. */
export function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
