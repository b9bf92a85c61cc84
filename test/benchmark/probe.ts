// Loaded into the measured program with NODE_OPTIONS=--import: times frames from the outside, so that the program has no switch for it.
// A frame begins with the turn of the event loop that draws it (a timer, or a key) and ends when its bytes were handed to the terminal.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

export interface ProbeReport {
  /** Milliseconds of each frame. */
  readonly frames: readonly number[];
  /** Milliseconds of each frame that the terminal took to take its bytes. */
  readonly writes: readonly number[];
  /** The longest time that the event loop was late, in milliseconds, less the probe's own step. */
  readonly longestBlock: number;
  /** Megabytes at the end. */
  readonly memory: Readonly<Record<'rss' | 'heapTotal' | 'heapUsed' | 'external' | 'arrayBuffers', number>>;
}

const file = process.env['DREY_BENCH_PROBE'];
/** Milliseconds between two looks at the event loop. */
const step = 5;

if (file !== undefined && isMainThread && process.argv.includes('attach')) {
  let frames: number[] = [];
  let writes: number[] = [];
  let turn = performance.now();
  const delay = monitorEventLoopDelay({ resolution: step });

  const plainTimeout = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign((task: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => plainTimeout(() => {
    turn = performance.now();
    task(...args);
  }, ms), plainTimeout) as typeof setTimeout;
  const emit = process.stdin.emit.bind(process.stdin) as (...args: unknown[]) => boolean;
  process.stdin.emit = ((...args: unknown[]) => {
    turn = performance.now();
    return emit(...args);
  }) as typeof process.stdin.emit;
  const write = process.stdout.write.bind(process.stdout) as (...args: unknown[]) => boolean;
  process.stdout.write = ((...args: unknown[]) => {
    const begin = performance.now();
    const result = write(...args);
    if (typeof args[0] === 'string' && args[0].startsWith('\u001b[?2026h')) {
      const end = performance.now();
      frames.push(end - turn);
      writes.push(end - begin);
    }
    return result;
  }) as typeof process.stdout.write;

  const memory = (): ProbeReport['memory'] => {
    const bytes = process.memoryUsage();
    const megabytes = (value: number): number => Math.round(value / 2 ** 20);
    return { rss: megabytes(bytes.rss), heapTotal: megabytes(bytes.heapTotal), heapUsed: megabytes(bytes.heapUsed), external: megabytes(bytes.external), arrayBuffers: megabytes(bytes.arrayBuffers) };
  };

  // The first signal begins a measurement, the next one ends it and begins another.
  process.on('SIGUSR2', () => {
    const report: ProbeReport = { frames, writes, longestBlock: Math.max(0, delay.max / 1e6 - step), memory: memory() };
    appendFileSync(file, `${JSON.stringify(report)}\n`);
    frames = [];
    writes = [];
    delay.enable();
    delay.reset();
  });
}
