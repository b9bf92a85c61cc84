import { graphemes, isSimple, width } from '../../support/text-width.ts';
import { hasSgr, sgrOf, splitAtSgr, styledBy } from '../../support/sgr.ts';

/** The terminal, for writing. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  /** Bytes written but not accepted yet. */
  readonly writableLength: number;
  /** Calls `written` once the text is accepted, with an error if that will never happen. */
  write(text: string, written?: (error?: Error | null) => void): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** A shorter common prefix is written again: skipping it would cost as many bytes. */
const worthSkipping = 12;
/** The total time for which the event loop was idle, in milliseconds. */
const loopIdle = (): number => performance.eventLoopUtilization().idle;

/** A write that took longer than this many milliseconds filled the pipe to the terminal. */
const slowWrite = 6;
/** A frame in the pipe delays the answer to a key, so after a slow write the pipe stays free for this many times its duration. */
const pauseFactor = 4;

/**
 * Draws frames by writing only the changed lines, each at its absolute position, as one synchronized update. It remembers the content of
 * the screen; anyone who disturbs that calls `forget`.
 */
export class ScreenWriter implements Disposable {
  readonly #output: TerminalOutput;
  readonly #monotonic: () => number;
  readonly #idle: () => number;
  #shown: readonly (string | undefined)[] = [];
  #pending: readonly string[] | undefined;
  #cursor: Cell | undefined;
  #shownCursor: Cell | undefined;
  #cursorKnown = false;
  #blocked = false;
  #pausedUntil = 0;
  #active = false;
  /** Milliseconds that the last write itself took, and the idle time at its end. */
  #wrote = 0;
  #idleAtWrite = 0;
  readonly #taken = (error?: Error | null): void => {
    // Callbacks of writes that were accepted immediately come late, and mean nothing then.
    if (!this.#blocked || error || this.#output.writableLength > 0) return;
    this.#blocked = false;
    // Drawing, loading and searching took their time meanwhile, which is not the terminal's.
    this.#rest(this.#wrote + this.#idle() - this.#idleAtWrite);
    this.#flush();
  };

  constructor(output: TerminalOutput, monotonic: () => number, idle: () => number = loopIdle) {
    this.#output = output;
    this.#monotonic = monotonic;
    this.#idle = idle;
  }

  /** Milliseconds that the next frame should wait because the terminal is slow. */
  get pause(): number {
    return this.#blocked ? 50 : Math.max(0, this.#pausedUntil - this.#monotonic());
  }

  /** The rows of the last frame. */
  get rows(): readonly string[] {
    return this.#pending ?? [];
  }

  /** Nothing is drawn until `start`: another program uses the terminal. */
  start(): void {
    this.#active = true;
    this.forget();
  }

  stop(): void {
    this.#active = false;
  }

  /** The content of the screen is no longer known: the next frame is written completely. */
  forget(): void {
    this.#shown = [];
    this.#cursorKnown = false;
  }

  /** The position of the cursor after the next frame; undefined: hidden. */
  placeCursor(cursor: Cell | undefined): void {
    this.#cursor = cursor;
  }

  /** Draws a frame: rows joined with line feeds. While the terminal does not accept more, only the newest frame is kept. */
  paint(frame: string): void {
    this.#pending = frame.split('\n');
    this.#flush();
  }

  /** Moves the cursor if only that changed. */
  settle(): void {
    this.#flush();
  }

  /** Writes a sequence that draws nothing, between two frames; dropped while another program uses the terminal. */
  send(sequence: string): void {
    if (this.#active) this.#write(sequence);
  }

  /** Writes the last frame again, completely. */
  repaint(): void {
    this.forget();
    this.#flush();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #flush(): void {
    if (!this.#active || this.#blocked) return;
    const text = this.#difference();
    if (text === '') return;
    this.#write(`\u001b[?2026h${text}\u001b[?2026l`);
  }

  #write(text: string): void {
    const began = this.#monotonic();
    this.#output.write(text, this.#taken);
    const wrote = this.#monotonic() - began;
    this.#blocked = this.#output.writableLength > 0;
    if (!this.#blocked) return this.#rest(wrote);
    this.#wrote = wrote;
    this.#idleAtWrite = this.#idle();
  }

  #rest(took: number): void {
    if (took > slowWrite) this.#pausedUntil = this.#monotonic() + took * pauseFactor;
  }

  #difference(): string {
    const next = this.#pending;
    let text = '';
    if (next !== undefined) {
      const rows = Math.min(next.length, this.#output.rows);
      const columns = this.#output.columns;
      const erase = this.#shown.length === 0 ? '\u001b[0m\u001b[2J' : '';
      for (let row = 0; row < rows; row++) {
        const line = next[row] ?? '';
        const before = erase === '' ? this.#shown[row] : '';
        if (line !== before) text += lineChange(row, before, line, columns);
      }
      text = erase + text;
      this.#shown = next.slice(0, rows);
    }
    const cursor = this.#cursor;
    const moved = !this.#cursorKnown || cursor?.x !== this.#shownCursor?.x || cursor?.y !== this.#shownCursor?.y;
    if (text === '' && !moved) return '';
    this.#shownCursor = cursor;
    this.#cursorKnown = true;
    if (cursor === undefined) return moved ? `${text}\u001b[?25l` : text;
    // Hidden while lines are written, so that it does not flicker if updates are not synchronized.
    return `${text === '' ? '' : `\u001b[?25l${text}`}\u001b[${cursor.y + 1};${cursor.x + 1}H\u001b[?25h`;
  }
}

/** The bytes that turn `before` into `after` in this row. */
function lineChange(row: number, before: string | undefined, after: string, columns: number): string {
  const cells = width(after);
  // Erasing after a full line would delete its last character: the cursor is still on it.
  const end = cells < columns ? '\u001b[0m\u001b[K' : '\u001b[0m';
  const whole = `\u001b[${row + 1};1H${anchored(after, 0)}${end}`;
  if (before === undefined) return whole;
  const { index, styles } = commonStart(before, after);
  const start = index === 0 ? 0 : width(after.slice(0, index));
  if (start < worthSkipping) return whole;
  const rest = after.slice(index);
  const middle = rest.slice(0, rest.length - commonEnd(before.slice(index), rest));
  return `\u001b[${row + 1};${start + 1}H${styles}${anchored(middle, start)}${middle === rest ? end : '\u001b[0m'}`;
}

/** East Asian characters that are two cells wide on every terminal. */
const wide = /^[\u3001-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]$/;
const isAgreed = (unit: string): boolean => isSimple(unit) || wide.test(unit);

/**
 * Terminals disagree about the width of joined emoji, variation selectors and marks. After such text the column is set explicitly, so that
 * the following text is where it belongs; its cells are cleared before, so that no old content remains.
 */
function anchored(text: string, from: number): string {
  if (isSimple(text)) return text;
  let column = from;
  return splitAtSgr(text)
    .map((part) => {
      if (part.startsWith('\u001b')) return part;
      return runsOf(part)
        .map(({ text: run, agreed }) => {
          const cells = width(run);
          const start = column;
          column += cells;
          return agreed ? run : `${' '.repeat(cells)}\u001b[${start + 1}G${run}\u001b[${column + 1}G`;
        })
        .join('');
    })
    .join('');
}

/** Pieces of a text with a width that all terminals agree on, and the others. Characters that may join stay in one piece. */
function runsOf(text: string): { readonly text: string; readonly agreed: boolean }[] {
  const runs: { text: string; agreed: boolean }[] = [];
  for (const sign of graphemes(text)) {
    const agreed = isAgreed(sign);
    const last = runs.at(-1);
    if (last?.agreed === agreed) last.text += sign;
    else runs.push({ text: sign, agreed });
  }
  return runs;
}

/** How many characters at the end of two texts may stay: the text before them has the same width in both, and changes no style. */
export function commonEnd(a: string, b: string): number {
  // Only characters of one cell each: texts of different lengths shift the rest.
  if (a.length !== b.length) return 0;
  let length = 0;
  while (length < b.length && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  const [left, right] = [a, b].map((text) => text.slice(0, text.length - length)) as [string, string];
  // A combining mark or half a surrogate pair is not a boundary.
  const isWhole = (text: string): boolean => !text.includes('\u001b') && isSimple(text);
  const next = b.charAt(b.length - length);
  return isWhole(left) && isWhole(right) && (next === '\u001b' || isSimple(next)) ? length : 0;
}

/**
 * The length of the common beginning of two lines, as far as every character in it is known to take one cell, and the styles that are
 * active there. Never ends within a sequence, nor before a character that could join the previous one.
 */
export function commonStart(a: string, b: string): { readonly index: number; readonly styles: string } {
  const most = Math.min(a.length, b.length);
  let index = 0;
  while (index < most && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  // Within a sequence: go back to its beginning.
  const escape = b.lastIndexOf('\u001b', index - 1);
  if (escape !== -1 && !hasSgr(b.slice(escape, index))) index = escape;
  const isPlain = (text: string): boolean => text === '' || isSimple(text.charAt(0)) || text.startsWith('\u001b');
  while (index > 0 && !(isPlain(a.slice(index, index + 2)) && isPlain(b.slice(index, index + 2)))) index--;
  const common = b.slice(0, index);
  if (!isSimple(common)) return { index: 0, styles: '' };
  let styles = '';
  for (const sequence of sgrOf(common)) styles = styledBy(styles, sequence);
  return { index, styles };
}
