// Loaded into the measured program with DREY_NODE_OPTIONS=--import: times frames from the outside, so that the program needs no switch for
// it. A frame begins with the turn of the event loop that draws it (a timer, or a key) and ends when its bytes have been passed to the
// terminal.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

export interface ProbeReport {
  /** Milliseconds of each frame. */
  readonly frames: readonly number[];
  /** Milliseconds of each frame in which the terminal accepted its bytes. */
  readonly writes: readonly number[];
  /**
   * The longest uninterrupted time for which the event loop was busy, in milliseconds, without the time the thread waited for a processor.
   */
  readonly longestBlock: number;
  /** Megabytes at the end. */
  readonly memory: Readonly<Record<'rss' | 'heapTotal' | 'heapUsed' | 'external' | 'arrayBuffers', number>>;
}

const file = process.env['DREY_BENCH_PROBE'];
/** Milliseconds between two checks of the event loop. */
const step = 10;

if (file !== undefined && isMainThread && process.argv.includes('attach')) {
  let frames: number[] = [];
  let writes: number[] = [];
  let turn = performance.now();
  let longestBlock = 0;

  const plainTimeout = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign(
    (task: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      plainTimeout(() => {
        turn = performance.now();
        task(...args);
      }, ms),
    plainTimeout,
  ) as typeof setTimeout;
  let watching: NodeJS.Timeout | undefined;
  const watch = (): void => {
    let last = performance.now();
    let used = process.threadCpuUsage();
    watching = setInterval(() => {
      const now = performance.now();
      const since = process.threadCpuUsage(used);
      longestBlock = Math.max(longestBlock, Math.min(now - last - step, (since.user + since.system) / 1_000));
      last = now;
      used = process.threadCpuUsage();
    }, step).unref();
  };
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
      // Everything before the first frame belongs to the start of the program.
      if (watching === undefined) watch();
      const end = performance.now();
      frames.push(end - turn);
      writes.push(end - begin);
    }
    return result;
  }) as typeof process.stdout.write;

  const memory = (): ProbeReport['memory'] => {
    const bytes = process.memoryUsage();
    const megabytes = (value: number): number => Math.round(value / 2 ** 20);
    return {
      rss: megabytes(bytes.rss),
      heapTotal: megabytes(bytes.heapTotal),
      heapUsed: megabytes(bytes.heapUsed),
      external: megabytes(bytes.external),
      arrayBuffers: megabytes(bytes.arrayBuffers),
    };
  };

  // A signal ends a measurement and begins another; the first one begins with the program.
  process.on('SIGUSR2', () => {
    const report: ProbeReport = { frames, writes, longestBlock, memory: memory() };
    appendFileSync(file, `${JSON.stringify(report)}\n`);
    frames = [];
    writes = [];
    longestBlock = 0;
  });
}
