import { emptySession } from '../../src/session/empty-session.ts';
import { LogStore } from '../../src/session/logs/log-store.ts';
import { createLogView } from '../../src/session/logs/log-view.ts';
import { isFlood } from '../../src/tui/rows/log-flood.ts';
import { logWindow } from '../../src/tui/rows/log-rows.ts';
import { createLook } from '../../src/tui/look/look.ts';
import { initialUi } from '../../src/tui/state/ui.ts';
import { median, type Figure } from './statistics.ts';
import type { Suite } from './suite.ts';

/** 100,000 lines a second. */
const linesPerFrame = 4_000;
const frameMs = 40;
const frameCount = 150;

const job = '0d7cb6144434adb419f4d7b89eb19434';
const said = (logger: string, message: string): string => `2026-11-22 11:34:16,000 INFO  org.apache.flink.${logger} [] - ${message}`;

interface Flood {
  readonly name: string;
  readonly pods: number;
  readonly line: (number: number) => string;
}

const floods: readonly Flood[] = [
  {
    name: 'mixed lines',
    pods: 3,
    line: (n) => said('Orders', `${'abcdefgh'[(n * 7) % 8]} handled ${'stuvwxyz'[(n * 3 + (n >> 3)) % 8]} in ${n} ms`),
  },
  { name: '20 pods with lines of one shape', pods: 20, line: (n) => said('Customers', `Refreshed ${n} customers of eu-${n % 9}a`) },
  { name: 'one pod with the same line', pods: 1, line: () => said('Customers', 'Refreshed the customers of all regions') },
  {
    name: 'only checkpoints',
    pods: 1,
    line: (n) =>
      n % 2 === 0
        ? said('CheckpointCoordinator', `Triggering checkpoint ${n} (type=CHECKPOINT) @ 1795837783229 for job ${job}.`)
        : said(
            'CheckpointCoordinator',
            `Completed checkpoint ${n} for job ${job} (${n} bytes, checkpointDuration=${n % 50} ms, finalizationTime=2 ms).`,
          ),
  },
];

/** Median milliseconds to make the rows of a frame. */
function rowsTake({ pods, line }: Flood, folded: boolean): number {
  const names = Array.from({ length: pods }, (_, pod) => `pod-${pod}`);
  const store = new LogStore();
  for (const name of names) store.open(name);
  const session = emptySession({ clusterId: 'bench', namespace: 'default', context: undefined, server: 'https://bench' });
  const view = createLogView({
    store,
    session: () => session,
    clock: { monotonic: () => performance.now() },
    pods: names,
    timeline: false,
  });
  const state = { ...initialUi({ theme: 'dark', mouse: false }).log, folded };
  const look = createLook({ theme: 'dark', depth: 'true', ascii: false, motion: true });
  const took: number[] = [];
  for (let frame = 0; frame < frameCount; frame += 1) {
    for (let number = frame * linesPerFrame; number < (frame + 1) * linesPerFrame; number += 1) {
      const bytes = Buffer.from(line(number));
      store.append(names[number % pods] ?? '', [{ at: (number / linesPerFrame) * frameMs, bytes, from: 0, to: bytes.length, cut: false }]);
    }
    const reach = isFlood(view, frame * frameMs) ? 'newest' : 'all';
    const began = performance.now();
    logWindow({ view, state, width: 150, height: 30, source: (pod) => pod, look, reach });
    took.push(performance.now() - began);
  }
  // The first frames are slower, and there is no flood yet.
  return median(took.slice(frameCount / 3));
}

/** What it costs to fold the lines of the log that repeat, while 100,000 of them come a second. */
export const folds: Suite = () =>
  Promise.resolve(
    floods.map((flood): Figure => {
      const flat = rowsTake(flood, false);
      const note = `${flat.toFixed(2)} ms without folding`;
      return { name: `folding ${flood.name}, a frame`, value: rowsTake(flood, true) - flat, unit: 'ms', target: 1, note };
    }),
  );
