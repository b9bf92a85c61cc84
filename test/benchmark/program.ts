import { readFileSync } from 'node:fs';
import { spawn, type IPty } from '@lydell/node-pty';
import headless from '@xterm/headless';

export interface ProgramOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A program on a pseudo-terminal, watched at little cost: its output is only searched, and emulated on request. */
export class Program implements AsyncDisposable {
  readonly #pty: IPty;
  readonly #exit: Promise<void>;
  readonly #listeners = new Set<(chunk: string) => void>();
  readonly #size: { readonly cols: number; readonly rows: number };
  readonly started = performance.now();
  /** Characters written so far. */
  written = 0;
  #tail = '';

  constructor(command: string, args: readonly string[], { columns = 200, rows = 50, env = {}, cwd = process.cwd() }: ProgramOptions = {}) {
    const { CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env;
    this.#size = { cols: columns, rows };
    this.#pty = spawn(command, [...args], {
      name: 'xterm-256color',
      ...this.#size,
      cwd,
      env: { ...inherited, COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...env },
    });
    this.#exit = new Promise((resolve) => this.#pty.onExit(() => resolve()));
    this.#pty.onData((chunk) => {
      this.written += chunk.length;
      // The text that is searched for may be split between two chunks.
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

  /** Milliseconds from the start until all of `wanted` were written, each once; rejects after `limitMs`. */
  until(wanted: readonly (string | RegExp)[], limitMs = 30_000): Promise<number> {
    const missing = new Set(wanted);
    return this.#when(
      () => {
        for (const each of missing) if (typeof each === 'string' ? this.#tail.includes(each) : each.test(this.#tail)) missing.delete(each);
        return missing.size === 0;
      },
      () => [...missing].join(', '),
      limitMs,
    ).then(() => performance.now() - this.started);
  }

  /**
   * Milliseconds from the start until `condition` holds for the text of the screen, as shown by a terminal that gets all output from now
   * on.
   */
  async shows(condition: (text: string) => boolean, what: string, limitMs = 30_000): Promise<number> {
    const terminal = new headless.Terminal({ ...this.#size, allowProposedApi: true });
    const text = (): string =>
      Array.from({ length: this.#size.rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '').join('\n');
    const shown = Promise.withResolvers<number>();
    const listen = this.onOutput((chunk) =>
      terminal.write(chunk, () => {
        if (condition(text())) shown.resolve(performance.now() - this.started);
      }),
    );
    const timer = setTimeout(() => shown.reject(new Error(`not seen within ${limitMs} ms: ${what}. The screen was:\n${text()}`)), limitMs);
    try {
      return await shown.promise;
    } finally {
      clearTimeout(timer);
      listen();
    }
  }

  /** Writes `keys` and waits for `wanted` in the output after them; returns the milliseconds that it took. */
  async answer(keys: string, wanted: string | RegExp, limitMs = 5_000): Promise<number> {
    let text = '';
    const listen = this.onOutput((chunk) => {
      text += chunk;
    });
    const begin = performance.now();
    this.write(keys);
    try {
      await this.#when(
        () => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)),
        () => `${String(wanted)} after the keys ${JSON.stringify(keys)}`,
        limitMs,
      );
      return performance.now() - begin;
    } finally {
      listen();
    }
  }

  /** Makes the program redraw its screen, and reads it. */
  async screen(): Promise<readonly string[]> {
    let text = '';
    const listen = this.onOutput((chunk) => {
      text += chunk;
    });
    this.write('\u000c');
    try {
      await this.#when(
        () => text.indexOf('\u001b[?2026l', text.indexOf('\u001b[2J')) > text.indexOf('\u001b[2J') && text.includes('\u001b[2J'),
        () => 'the screen after Ctrl+L',
        10_000,
      );
    } finally {
      listen();
    }
    const terminal = new headless.Terminal({ ...this.#size, allowProposedApi: true });
    await new Promise<void>((resolve) => terminal.write(text.slice(text.indexOf('\u001b[2J')), resolve));
    return Array.from({ length: this.#size.rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '');
  }

  /** Looks at the screen until `condition` holds, and returns its text. */
  async sees(condition: (text: string) => boolean, what: string, limitMs = 30_000): Promise<string> {
    const end = performance.now() + limitMs;
    for (;;) {
      const text = (await this.screen()).join('\n');
      if (condition(text)) return text;
      if (performance.now() > end) throw new Error(`not seen within ${limitMs} ms: ${what}. The screen was:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  #when(condition: () => boolean, what: () => string, limitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`not written within ${limitMs} ms: ${what()}`));
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

/** Processor time of a process so far, in milliseconds. Linux only: clock ticks of 10 ms. */
export function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The share of one core that the process has used since `begin`, in percent. */
export interface Usage {
  readonly percent: () => number;
}

export function usageOf(pid: number): Usage {
  const began = performance.now();
  const before = processorMs(pid);
  return { percent: () => ((processorMs(pid) - before) / (performance.now() - began)) * 100 };
}
