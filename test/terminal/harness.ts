import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { spawn, type IPty } from '@lydell/node-pty';
import headless, { type IBufferCell } from '@xterm/headless';
import { typedKeys } from '../support/typed-keys.ts';

const root = join(import.meta.dirname, '../..');

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Program of bin/, or the path of another one; default `drey`. */
  readonly program?: string;
  /** How long `sees` waits, in milliseconds; default 40,000, so that a busy machine fails no test. */
  readonly patience?: number;
}

/** One cell as it is seen. Colours are CSS colours; undefined: the terminal's own. `width` 0: the second half of a wide character. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly foreground: string | undefined;
  readonly background: string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** A program of bin/ on a pseudo-terminal, read back as a person sees it: what stands on the screen, not what was written. */
export class Terminal implements AsyncDisposable {
  /** Resolves with the exit code, or 128 + signal, once all that was written before is on the screen. */
  readonly exit: Promise<number>;
  readonly #pty: IPty;
  readonly #screen: headless.Terminal;
  readonly #home: string;
  readonly #patience: number;
  readonly #listeners = new Set<() => void>();
  #alive = true;
  #exited: number | undefined;
  #bytes = '';

  constructor(args: readonly string[], options: TerminalOptions = {}) {
    const { columns = 120, rows = 40, env = {}, program = 'drey', patience = 40_000 } = options;
    this.#patience = patience;
    this.#home = mkdtempSync(join(tmpdir(), 'drey-terminal-'));
    this.#screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200 });
    const { CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env;
    this.#pty = spawn(resolve(root, 'bin', program), [...args], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd: root,
      env: {
        ...inherited,
        HOME: this.#home,
        XDG_CONFIG_HOME: join(this.#home, 'config'),
        XDG_STATE_HOME: join(this.#home, 'state'),
        LANG: 'C.UTF-8',
        COLORTERM: 'truecolor',
        ...env,
      },
    });
    this.#pty.onData((text) => {
      this.#bytes += text;
      this.#screen.write(text, () => this.#wake());
    });
    // A terminal answers what a program asks it.
    this.#screen.onData((answer) => this.#pty.write(answer));
    this.exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#alive = false;
        const code = signal ? 128 + signal : exitCode;
        // The emulator is some way behind what is written.
        this.#screen.write('', () => {
          this.#exited = code;
          this.#wake();
          resolve(code);
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** All that the program wrote, escape sequences included. */
  get written(): string {
    return this.#bytes;
  }

  /** True while the alternate screen is shown. */
  get fullScreen(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** The visible rows, without trailing blanks. */
  rows(): string[] {
    const buffer = this.#screen.buffer.active;
    return Array.from({ length: this.#screen.rows }, (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '');
  }

  text(): string {
    return this.rows().join('\n');
  }

  /** The visible cells with their looks, row by row. */
  cells(): readonly (readonly Cell[])[] {
    const buffer = this.#screen.buffer.active;
    return Array.from({ length: this.#screen.rows }, (_, row) => {
      const line = buffer.getLine(buffer.viewportY + row);
      return Array.from({ length: this.#screen.cols }, (__, column) => look(line?.getCell(column)));
    });
  }

  /** Waits until nothing was written for `quiet` milliseconds: for pictures and the monkey. A test waits for what it sees. */
  async settled(quiet = 500): Promise<void> {
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout;
      const restart = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.#listeners.delete(restart);
          resolve();
        }, quiet);
      };
      this.#listeners.add(restart);
      restart();
    });
  }

  /** Presses keys, as `typedKeys` names them. */
  type(keys: string): this {
    this.#pty.write(typedKeys(keys));
    return this;
  }

  /** Writes bytes as they are. */
  send(text: string): this {
    this.#pty.write(text);
    return this;
  }

  signal(name: NodeJS.Signals): this {
    process.kill(this.#pty.pid, name);
    return this;
  }

  /** The window is closed: what is written after that reaches nobody. */
  close(): this {
    // Not in the types of node-pty, though the way to close the terminal's side.
    (this.#pty as IPty & { destroy(): void }).destroy();
    return this;
  }

  /** Reads nothing any more, as a terminal that hangs. */
  pause(): this {
    this.#pty.pause();
    return this;
  }

  /** Resolves when something was written that nobody reads. */
  async unread(): Promise<void> {
    // Not in the types of node-pty, which has no other sign of it.
    const { _socket: socket } = this.#pty as IPty & { readonly _socket: Readable };
    while (socket.readableLength === 0) await nextTurn();
  }

  /** As the shell does for `fg`: the whole job goes on. */
  resume(): this {
    try {
      if (this.#alive) process.kill(-this.#pty.pid, 'SIGCONT');
    } catch (error) {
      // It has ended, which is told a moment later.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    return this;
  }

  resize(columns: number, rows: number): this {
    this.#screen.resize(columns, rows);
    try {
      this.#pty.resize(columns, rows);
    } catch (error) {
      // Its end is closed before its exit is told: nobody is there who could mind.
      if (!String(error).includes('EBADF')) throw error;
    }
    return this;
  }

  /** Waits until the screen shows `wanted`; fails with the screen as it is. */
  async sees(wanted: string | RegExp, patience = this.#patience): Promise<this> {
    await this.when(`sees ${String(wanted)}`, (text) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)), patience);
    return this;
  }

  async seesNo(unwanted: string | RegExp, patience = this.#patience): Promise<this> {
    await this.when(
      `sees no ${String(unwanted)}`,
      (text) => (typeof unwanted === 'string' ? !text.includes(unwanted) : !unwanted.test(text)),
      patience,
    );
    return this;
  }

  async when(what: string, condition: (text: string) => boolean, patience = this.#patience): Promise<void> {
    if (condition(this.text())) return;
    await new Promise<void>((resolve, reject) => {
      const fail = () => {
        done();
        reject(
          new Error(
            `waited ${patience} ms until the terminal ${what}${this.#exited === undefined ? '' : ` (the program ended with ${this.#exited})`}; it shows:\n${this.text()}`,
          ),
        );
      };
      const look = () => {
        if (condition(this.text())) {
          done();
          resolve();
        } else if (this.#exited !== undefined) fail();
      };
      const timer = setTimeout(fail, patience);
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A program that is killed cannot say what it has run, which `npm test -- --coverage` asks for; shells heed no SIGTERM.
    if (this.#alive) this.#pty.kill(process.env['NODE_V8_COVERAGE'] === undefined ? 'SIGKILL' : 'SIGHUP');
    await this.exit;
    this.#screen.dispose();
    rmSync(this.#home, { recursive: true, force: true });
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const palette = [
  '#1b1d22',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#c8ccd4',
  '#5c6370',
  '#e88388',
  '#a9d18e',
  '#ebcb8b',
  '#7cbcf2',
  '#d19ae3',
  '#70c5cf',
  '#ffffff',
];

function look(cell: IBufferCell | undefined): Cell {
  if (cell === undefined) return { text: ' ', width: 1, foreground: undefined, background: undefined, bold: false, dim: false };
  const inverse = cell.isInverse() !== 0;
  const foreground = cell.isFgDefault() ? undefined : colour(cell.getFgColor(), cell.isFgRGB());
  const background = cell.isBgDefault() ? undefined : colour(cell.getBgColor(), cell.isBgRGB());
  return {
    text: cell.getChars() || ' ',
    width: cell.getWidth(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    foreground: inverse ? (background ?? '#16181d') : foreground,
    background: inverse ? (foreground ?? '#d6d9df') : background,
  };
}

/** A colour of the 256-colour palette or a direct one, as CSS. */
function colour(value: number, direct: boolean): string {
  if (direct) return `#${value.toString(16).padStart(6, '0')}`;
  if (value < 16) return palette[value] ?? '#ffffff';
  if (value >= 232) return `rgb(${(value - 232) * 10 + 8},${(value - 232) * 10 + 8},${(value - 232) * 10 + 8})`;
  const level = (part: number) => (part === 0 ? 0 : part * 40 + 55);
  return `rgb(${level(Math.floor((value - 16) / 36))},${level(Math.floor((value - 16) / 6) % 6)},${level((value - 16) % 6)})`;
}
