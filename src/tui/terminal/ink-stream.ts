import { EventEmitter } from 'node:events';
import type { RenderOptions } from 'ink';
import type { ScreenWriter, TerminalOutput } from './screen-writer.ts';

/** A control sequence that is not a style: a mode that Ink switches, not a frame. */
const control = /^\u001b\[[\d;?<>=]*[^m\d;?<>=]/;

/**
 * The terminal as Ink sees it. With its `debug` option, Ink passes each frame as complete lines and leaves the screen alone; the writer
 * finds out what changed. All other output of Ink (bracketed paste, the cursor at the end) passes through.
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
    // Ink waits for this before it resolves; the writer has the output by now.
    if (written !== undefined) queueMicrotask(written);
    return true;
  }
}

/** `debug`: complete frames, unthrottled. Whether this is a terminal was decided before, even if CI is set. */
export const inkOptions = (stdin: NodeJS.ReadStream, stdout: TerminalOutput, writer: ScreenWriter): RenderOptions => ({
  stdout: new InkStream(stdout, writer) as unknown as NodeJS.WriteStream,
  stdin,
  debug: true,
  interactive: true,
  exitOnCtrlC: false,
  patchConsole: false,
});
