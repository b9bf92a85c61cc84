import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/support/clock.ts';
import { ScreenWriter } from '../../src/tui/terminal/screen-writer.ts';
import { openTerminal } from '../../src/tui/terminal/terminal.ts';

/** A terminal that holds what is typed for as long as nobody reads. */
class Stdin extends EventEmitter {
  isTTY = true;
  destroyed = false;
  #waiting: string[] = [];

  setRawMode(): this {
    return this;
  }
  setEncoding(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  resume(): this {
    for (const text of this.#waiting.splice(0)) this.emit('data', text);
    return this;
  }
  type(text: string): void {
    if (this.listenerCount('data') > 0) this.emit('data', text);
    else this.#waiting.push(text);
  }
}

test('what is typed while the terminal is on its way back waits, and can lend it again', async () => {
  const stdin = new Stdin();
  const stdout = Object.assign(new EventEmitter(), { columns: 80, rows: 24, isTTY: true, destroyed: false, write: () => true });
  using writer = new ScreenWriter(stdout as unknown as NodeJS.WriteStream, () => 0);
  const lent: Promise<boolean>[] = [];
  await using terminal = openTerminal({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    writer,
    platform: 'win32',
    lost() {},
    continued() {},
    clock: systemClock,
    signal: new AbortController().signal,
    input: () => void lent.push(terminal.lend(async () => undefined)),
  });
  const back = Promise.withResolvers<void>();
  const returned = Promise.withResolvers<void>();
  let first = true;
  terminal.useSuspender(async (meanwhile) => {
    await meanwhile();
    if (!first) return;
    first = false;
    returned.resolve();
    await back.promise;
  });
  const away = terminal.lend(async () => undefined);
  await returned.promise;
  stdin.type('x');
  back.resolve();
  expect(await away).toBe(true);
  expect(await Promise.all(lent)).toEqual([true]);
});
