import { graphemes, isSimple, width } from '../../support/text-width.ts';

/** The terminal as something to write to. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  /** What was written and is not taken yet. */
  readonly writableLength: number;
  /** `written` is called when the text is taken, with an error if that will never be. */
  write(text: string, written?: (error?: Error | null) => void): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** Shorter prefixes are written again: skipping them would cost as many bytes. */
const worthSkipping = 12;
/** A write that took longer than this many milliseconds filled the pipe to the terminal. */
const slowWrite = 6;
/** A frame in the pipe keeps the answer to a key waiting: after a slow one it stays free for so many times as long. */
const pauseFactor = 4;

/**
 * Draws frames by writing only the lines that changed, each at its absolute place, as one synchronized update. What is on the screen
 * is remembered; whoever disturbs it calls `forget`.
 */
export class ScreenWriter implements Disposable {
  readonly #output: TerminalOutput;
  readonly #monotonic: () => number;
  #shown: readonly (string | undefined)[] = [];
  #pending: readonly string[] | undefined;
  #cursor: Cell | undefined;
  #shownCursor: Cell | undefined;
  #cursorKnown = false;
  #blocked = false;
  #pausedUntil = 0;
  #active = false;
  #began = 0;
  readonly #taken = (error?: Error | null): void => {
    // Those of writes that were taken at once come late, and mean nothing then.
    if (!this.#blocked || error || this.#output.writableLength > 0) return;
    this.#blocked = false;
    this.#rest();
    this.#flush();
  };

  constructor(output: TerminalOutput, monotonic: () => number) {
    this.#output = output;
    this.#monotonic = monotonic;
  }

  /** Milliseconds that the next frame should wait, because the terminal is slow. */
  get pause(): number {
    return this.#blocked ? 50 : Math.max(0, this.#pausedUntil - this.#monotonic());
  }

  /** The rows of the last frame. */
  get rows(): readonly string[] {
    return this.#pending ?? [];
  }

  /** Nothing is drawn until `start`: the terminal belongs to somebody else. */
  start(): void {
    this.#active = true;
    this.forget();
  }

  stop(): void {
    this.#active = false;
  }

  /** What stands on the screen is not known any more: the next frame is written whole. */
  forget(): void {
    this.#shown = [];
    this.#cursorKnown = false;
  }

  /** Where the cursor stands after the next frame; undefined: hidden. */
  placeCursor(cursor: Cell | undefined): void {
    this.#cursor = cursor;
  }

  /** Draws a frame: rows joined with line feeds. While the terminal does not take more, only the newest frame is kept. */
  paint(frame: string): void {
    this.#pending = frame.split('\n');
    this.#flush();
  }

  /** Moves the cursor where only that changed. */
  settle(): void {
    this.#flush();
  }

  /** A sequence that draws nothing, between two frames; dropped while the terminal belongs to somebody else. */
  send(sequence: string): void {
    if (this.#active) this.#write(sequence);
  }

  /** The last frame again, whole. */
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
    this.#began = this.#monotonic();
    this.#output.write(text, this.#taken);
    this.#blocked = this.#output.writableLength > 0;
    if (!this.#blocked) this.#rest();
  }

  #rest(): void {
    const now = this.#monotonic();
    const took = now - this.#began;
    if (took > slowWrite) this.#pausedUntil = now + took * pauseFactor;
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
    // Hidden while lines are written, so that it does not flicker where updates are not synchronized.
    return `${text === '' ? '' : `\u001b[?25l${text}`}\u001b[${cursor.y + 1};${cursor.x + 1}H\u001b[?25h`;
  }
}

/** The bytes that turn `before` into `after` in this row. */
function lineChange(row: number, before: string | undefined, after: string, columns: number): string {
  const cells = width(after);
  // Erasing behind a full line would take its last character: the cursor still stands on it.
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

/** Characters of East Asia that are two cells wide for every terminal. */
const wide = /^[\u3001-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]$/;
const isAgreed = (unit: string): boolean => isSimple(unit) || wide.test(unit);

/**
 * Terminals disagree about the width of joined emoji, variation selectors and marks. Behind such text the column is set, so that what
 * follows stands where it belongs; the cells are blanked before, so that nothing of what stood there is left.
 */
function anchored(text: string, from: number): string {
  if (isSimple(text)) return text;
  let column = from;
  return text
    .split(/(\u001b\[[\d;:]*m)/)
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

/** Pieces of a text whose width everybody agrees about, and the others. What may join its neighbour is in one piece with it. */
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

/** How many characters at the end of two texts may stay as they are: what comes before takes as many cells in both, and changes no style. */
export function commonEnd(a: string, b: string): number {
  // Characters that take a cell each: texts of different lengths shift what follows.
  if (a.length !== b.length) return 0;
  let length = 0;
  while (length < b.length && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  const [left, right] = [a, b].map((text) => text.slice(0, text.length - length)) as [string, string];
  // What joins the character before it, or a pair of surrogates that differ in their first half, is no end of its own.
  const isWhole = (text: string): boolean => !text.includes('\u001b') && isSimple(text);
  const next = b.charAt(b.length - length);
  return isWhole(left) && isWhole(right) && (next === '\u001b' || isSimple(next)) ? length : 0;
}

/**
 * How far two lines are the same, as far as every character there is known to take one cell, and the styles that are on at that place.
 * Never ends within a sequence, nor before a character that could join the one before it.
 */
export function commonStart(a: string, b: string): { readonly index: number; readonly styles: string } {
  const most = Math.min(a.length, b.length);
  let index = 0;
  while (index < most && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  // Within a sequence: go back to its beginning.
  const escape = b.lastIndexOf('\u001b', index - 1);
  if (escape !== -1 && !/\u001b\[[\d;:]*m/.test(b.slice(escape, index))) index = escape;
  const isPlain = (text: string): boolean => text === '' || isSimple(text.charAt(0)) || text.startsWith('\u001b');
  while (index > 0 && !(isPlain(a.slice(index, index + 2)) && isPlain(b.slice(index, index + 2)))) index--;
  const common = b.slice(0, index);
  if (!isSimple(common)) return { index: 0, styles: '' };
  let styles = '';
  for (const [sequence] of common.matchAll(/\u001b\[[\d;:]*m/g)) styles = /\[0*m$/.test(sequence) ? '' : styles + sequence;
  return { index, styles };
}
