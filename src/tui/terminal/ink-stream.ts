import { EventEmitter } from 'node:events';
import type { ScreenWriter, TerminalOutput } from './screen-writer.ts';

/** A control sequence that is no style: a mode that Ink switches, not a frame. */
const control = /^\u001b\[[\d;?<>=]*[^m\d;?<>=]/;

/**
 * What Ink takes for the terminal. With its `debug` option it hands over each frame as complete lines and leaves the screen alone;
 * the writer finds out what changed. Everything else that Ink writes (bracketed paste, the cursor at the end) passes through.
 */
export class InkStream extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly destroyed = false;
  readonly writableEnded = false;
  readonly #output: TerminalOutput;
  readonly #writer: ScreenWriter;

  constructor(output: TerminalOutput, writer: ScreenWriter) {
    super();
    this.#output = output;
    this.#writer = writer;
  }

  get columns(): number {
    return this.#output.columns;
  }

  get rows(): number {
    return this.#output.rows;
  }

  write(text: string, written?: () => void): boolean {
    if (control.test(text)) this.#output.write(text);
    else if (text !== '') this.#writer.paint(text);
    // Ink waits for this before it resolves; what it waits for is in the writer's hands by now.
    if (written !== undefined) queueMicrotask(written);
    return true;
  }
}
