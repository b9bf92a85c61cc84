import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { SampledFrame } from '../../../src/flink/flame-types.ts';
import { flameGraph } from '../../../src/flink/schemas/flame.ts';
import { type Flame, flameOf, withoutRarest } from '../../../src/inside/flame/flame.ts';
import { foldedLines } from '../../../src/inside/flame/folded.ts';
import { cellOf, layoutFlame } from '../../../src/inside/flame/layout.ts';
import { methodsOf, widestOf } from '../../../src/inside/flame/methods.ts';
import { methodOf, originOf, shortMethod } from '../../../src/inside/flame/names.ts';
import { frameAt, pathOf } from '../../../src/inside/flame/path.ts';
import { framesOfPage } from '../../../src/inside/flame/profile-page.ts';
import { searchFlame } from '../../../src/inside/flame/search.ts';
import { partingOf, stepFrom } from '../../../src/inside/flame/steps.ts';
import { flameRows } from '../../../src/inside/flame/text.ts';
import { flameSvg } from '../../../src/inside/flame/svg.ts';
import { captureText } from '../../flink/rest-server.ts';
import { random } from '../random.ts';

const page = (name: string): string => readFileSync(new URL(`profile-${name}.html`, import.meta.url), 'utf8');

const flame = (frames: readonly SampledFrame[]): Flame => {
  const made = flameOf(frames);
  if (made === undefined) throw new Error('no samples');
  return made;
};

/** `level name samples` on each line. */
const flameOfLines = (text: string): Flame =>
  flame(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [level = '', name = '', samples = ''] = line.trim().split(' ');
        return { level: Number(level), name, samples: Number(samples) };
      }),
  );

const small = flameOfLines(`
  0 root 10
  1 main 9
  2 work 6
  3 read 2
  3 read 1
  2 main 2
  3 work 1
  1 idle 1
`);

const cpu = flame(framesOfPage(page('cpu')));

/** Any answer at all: levels that jump, samples that are more than their caller has, none, or not numbers. */
function anyFrames(seed: number): readonly SampledFrame[] {
  const next = random(seed);
  let level = 0;
  return Array.from({ length: 1 + Math.floor(next() * 120) }, (_, index) => {
    level = index === 0 ? 0 : Math.max(0, Math.min(level + 1, Math.floor(next() * (level + 3)))) + (next() < 0.03 ? 7 : 0);
    const samples = next() < 0.05 ? [NaN, -4, Infinity, 0, 0.4][Math.floor(next() * 5)] : Math.floor(next() * (400 / (level + 1)));
    return { level, name: `m${Math.floor(next() * 9)}`, samples: index === 0 ? 1 + Math.floor(next() * 1000) : (samples ?? 0) };
  });
}
const seeds = Array.from({ length: 200 }, (_, seed) => seed);

describe('a flame graph', () => {
  test('of Flink has the root, and a frame behind each of its callers', () => {
    const sample = z.parse(flameGraph, JSON.parse(captureText('flamegraph-full')));
    if (sample.kind !== 'sampled') throw new Error(sample.kind);
    const { frames, total, depth } = flame(sample.frames);
    expect(total).toBe(100);
    expect(depth).toBe(frames.length);
    expect(frames[1]).toMatchObject({ name: 'java.lang.Thread.run:840', depth: 1, parent: 0, total: 100, own: 0 });
    expect(frames.at(-1)).toMatchObject({ name: 'java.lang.Thread.sleep:-2', own: 100 });
  });

  test('of a profile has the frames of its page, with Java names as Flink writes them', () => {
    expect(cpu).toMatchObject({ total: 28, depth: 37 });
    expect(cpu.frames.length).toBe(144);
    expect(cpu.frames[1]).toMatchObject({ name: '/usr/lib/x86_64-linux-gnu/libc.so.6', total: 23 });
    expect(flame(framesOfPage(page('alloc'))).frames.map(({ name }) => name)).toContain(
      'java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue.take',
    );
  });

  test('of a page with quotes in its titles has them', () => {
    expect(framesOfPage(`f(0,0,3,3,'all')\nf(1,0,3,3,'it\\'s \\\\ here')\nf(2,0,3,1,'a/B.c',1,2,0)\nalert(1)`)).toEqual([
      { level: 0, name: 'all', samples: 3 },
      { level: 1, name: "it's \\ here", samples: 3 },
      { level: 2, name: 'a.B.c', samples: 3 },
    ]);
  });

  test('has no samples if nothing was sampled, or the page is another one', () => {
    expect(flameOf([])).toBeUndefined();
    expect(flameOf([{ level: 0, name: 'root', samples: 0 }])).toBeUndefined();
    expect(framesOfPage('<html><body>Sign in</body></html>')).toEqual([]);
  });

  test.each(seeds)('holds together whatever a server sends (%s)', (seed) => {
    const { frames, total } = flame(anyFrames(seed));
    frames.forEach((frame, index) => {
      // The root stands in for what calls it.
      const parent = frames[frame.parent] ?? { ...frame, depth: -1 };
      expect(frame.total).toBeGreaterThan(0);
      expect(frame.parent).toBeLessThan(index);
      expect(frame.depth).toBe(parent.depth + 1);
      expect(frame.start).toBeGreaterThanOrEqual(parent.start);
      expect(frame.start + frame.total).toBeLessThanOrEqual(parent.start + parent.total);
      expect(frame.end).toBeLessThanOrEqual(parent.end);
    });
    expect(frames.reduce((sum, { own }) => sum + own, 0)).toBe(total);
  });

  test('of a server that nests a million levels is read, and only so many frames are kept', () => {
    const deep = '{"name":"a","value":1,"children":['.repeat(300_000) + ']}'.repeat(300_000);
    const sample = z.parse(flameGraph, { endTimestamp: 5, data: JSON.parse(deep) });
    expect(sample.kind === 'sampled' && flameOf(sample.frames)?.frames.length).toBe(200_000);
  });

  test.each(seeds)('with too many frames loses the rarest ones, and no sample (%s)', (seed) => {
    const whole = flame(anyFrames(seed));
    const sampled = whole.frames.map(({ depth, name, total }) => ({ level: depth, name, samples: total }));
    const most = Math.ceil(sampled.length / 3);
    const made = flame(withoutRarest(sampled, most));
    expect(made.frames.length).toBe(most);
    expect(made.total).toBe(whole.total);
    expect(made.frames.reduce((sum, { own }) => sum + own, 0)).toBe(whole.total);
    const least = Math.min(...made.frames.map(({ total }) => total));
    expect(whole.frames.filter(({ total }) => total > least).length).toBeLessThanOrEqual(most);
  });
});

describe('the rows of a flame graph', () => {
  test('show each frame as wide as its share of the screen', () => {
    const rows = layoutFlame(small, 20);
    expect(rows.map((row) => row.map(({ from, width, index }) => `${small.frames[index]?.name} ${from}+${width}`))).toEqual([
      ['root 0+20'],
      ['main 0+18', 'idle 18+2'],
      ['work 0+12', 'main 12+4'],
      ['read 0+4', 'read 4+2', 'work 12+2'],
    ]);
  });

  test('zoomed into a frame show it and its callers as wide as the screen, and what it calls as wide as its share of it', () => {
    const rows = layoutFlame(small, 12, 2);
    expect(rows.map((row) => row.map(({ from, width, index }) => `${index} ${from}+${width}`))).toEqual([
      ['0 0+12'],
      ['1 0+12'],
      ['2 0+12'],
      ['3 0+4', '4 4+2'],
    ]);
  });

  test('merge neighbours that are narrower than a cell, and count them', () => {
    const many = flame([
      { level: 0, name: 'root', samples: 100 },
      ...Array.from({ length: 40 }, (_, nth) => ({ level: 1, name: `narrow-${nth}`, samples: 1 })),
      { level: 1, name: 'wide', samples: 60 },
    ]);
    expect(layoutFlame(many, 50)[1]).toEqual([
      { from: 0, width: 20, index: 1, frames: 40, first: 1 },
      { from: 20, width: 30, index: 41, frames: 1, first: 41 },
    ]);
    expect(cellOf(many, layoutFlame(many, 50), 17)?.index).toBe(1);
  });

  test.each(seeds)('neither overlap nor leave the screen, whatever they are zoomed into, and no share changes (%s)', (seed) => {
    const made = flame(anyFrames(seed));
    const next = random(seed + 1);
    const width = 1 + Math.floor(next() * 150);
    const root = Math.floor(next() * made.frames.length);
    const { total: all = 0, depth: least = 0 } = made.frames[root] ?? {};
    for (const [depth, row] of layoutFlame(made, width, root).entries()) {
      let free = 0;
      for (const cell of row) {
        expect(cell.from).toBeGreaterThanOrEqual(free);
        expect(cell.width).toBeGreaterThan(0);
        free = cell.from + cell.width;
      }
      expect(free).toBeLessThanOrEqual(width);
      // The borders of a cell are rounded; of neighbours together, the sum of their samples is not known here.
      const alone = depth < least ? [] : row.filter(({ frames }) => frames === 1);
      for (const cell of alone) expect(Math.abs(cell.width - ((made.frames[cell.index]?.total ?? 0) / all) * width)).toBeLessThanOrEqual(1);
    }
  });

  const rows = layoutFlame(small, 20);
  const walk = (from: number, ...steps: readonly Parameters<typeof stepFrom>[3][]) =>
    steps.reduce((at, step) => stepFrom(small, rows, at, step), from);

  test('are walked along with four steps, and the border stops them', () => {
    expect(walk(0, 'in')).toBe(1);
    expect(walk(0, 'in', 'in')).toBe(2);
    expect(walk(2, 'right')).toBe(5);
    expect(walk(5, 'in')).toBe(6);
    expect(walk(6, 'in')).toBe(6);
    expect(walk(6, 'right')).toBe(6);
    expect(walk(6, 'left', 'out', 'out', 'out', 'out')).toBe(0);
  });

  test.each(seeds)('are walked along whatever they are, and each frame is found again by its path (%s)', (seed) => {
    const made = flame(anyFrames(seed));
    const next = random(seed + 2);
    const root = Math.floor(next() * made.frames.length);
    const cells = layoutFlame(made, 40, root);
    let at = root;
    for (let step = 0; step < 40; step += 1) {
      at = stepFrom(made, cells, at, (['in', 'out', 'left', 'right'] as const)[Math.floor(next() * 4)] ?? 'in');
      expect(cellOf(made, cells, at)?.index).toBe(at);
    }
    expect(frameAt(made, pathOf(made, at))).toBe(at);
  });

  test('begin to differ below the last frame that nearly all samples have', () => {
    const start = flameOfLines('0 root 40\n1 idle 1\n1 main 39\n2 run 38\n3 a 30\n3 b 8');
    expect(partingOf(start, 0)).toBe(3);
    expect(partingOf(start, 4)).toBe(4);
    expect(partingOf(flameOfLines('0 root 4\n1 a 2\n1 b 2'), 0)).toBe(0);
  });

  test('of another sample have the frame with the same callers, or the nearest caller that is still there', () => {
    const later = flameOfLines('0 root 8\n1 idle 2\n1 main 6\n2 work 5\n3 write 5');
    expect(frameAt(later, pathOf(small, 2))).toBe(3);
    expect(frameAt(later, pathOf(small, 3))).toBe(3);
    expect(frameAt(later, pathOf(small, 0))).toBe(0);
  });
});

describe('a table of methods', () => {
  test('has the samples of their own first, and counts a method once however often it calls itself', () => {
    expect(methodsOf(small)).toEqual([
      { method: 'work', own: 4, total: 7 },
      { method: 'read', own: 3, total: 3 },
      { method: 'main', own: 2, total: 9 },
      { method: 'idle', own: 1, total: 1 },
    ]);
  });

  test('below one frame counts its samples only, and leads to the widest frame of a method', () => {
    expect(methodsOf(small, 5)).toEqual([
      { method: 'main', own: 1, total: 2 },
      { method: 'work', own: 1, total: 1 },
    ]);
    expect(widestOf(small, 'work', 0)).toBe(2);
    expect(widestOf(small, 'work', 5)).toBe(6);
    expect(widestOf(small, 'gone', 0)).toBeUndefined();
  });

  test('adds up the lines of a method', () => {
    const lines = flameOfLines('0 root 4\n1 a.B.c:12 3\n1 a.B.c:-1 1');
    expect(methodsOf(lines)).toEqual([{ method: 'a.B.c', own: 4, total: 4 }]);
  });

  test.each(seeds)('accounts for every sample once (%s)', (seed) => {
    const made = flame(anyFrames(seed));
    const sum = methodsOf(made).reduce((all, { own }) => all + own, 0);
    expect(sum + (made.frames[0]?.own ?? 0)).toBe(made.total);
    for (const { own, total } of methodsOf(made)) expect(own <= total && total <= made.total).toBe(true);
  });
});

describe('a search', () => {
  test('gives the share of the samples that had a match anywhere on the stack', () => {
    expect(searchFlame(small, (name) => name === 'work')).toEqual({ frames: new Set([2, 6]), samples: 7 });
    expect(searchFlame(small, (name) => name === 'main')).toEqual({ frames: new Set([1, 5]), samples: 9 });
    expect(searchFlame(small, () => false).samples).toBe(0);
  });
});

describe('names', () => {
  test('are told apart by where they come from', () => {
    expect(originOf('drey.Backpressured$Slow.map:49')).toBe('user');
    expect(originOf('com.example.Job$$Lambda$0/0x0.run:-1')).toBe('user');
    expect(originOf('org.apache.flink.runtime.taskmanager.Task$$Lambda$0/0x0.run:-1')).toBe('flink');
    expect(originOf('org.apache.flink.shaded.netty4.io.netty.channel.nio.NioEventLoop.run')).toBe('java');
    expect(originOf('java.lang.Thread.sleep:-2')).toBe('java');
    expect(originOf('Compile::Compile(ciEnv*, ciMethod*)')).toBe('native');
    expect(originOf('/usr/lib/x86_64-linux-gnu/libc.so.6')).toBe('native');
  });

  test('are shortened to the class and the method', () => {
    expect(shortMethod('org.apache.flink.streaming.runtime.tasks.StreamTask.invoke:959')).toBe('StreamTask.invoke');
    expect(shortMethod('drey.Backpressured$Slow.map:49')).toBe('Backpressured$Slow.map');
    expect(shortMethod('thread_native_entry(Thread*)')).toBe('thread_native_entry(Thread*)');
    expect(methodOf('a.B.<init>:7')).toBe('a.B.<init>');
  });
});

describe('in characters', () => {
  test('each frame is as wide as its share, and what every sample has is counted', () => {
    expect(flameRows(small, 20)).toEqual(['│root', '│main             │i', '│work       │ma…', '│re…│r      │w']);
    const starts = Array.from({ length: 9 }, (_, level) => ({ level, name: `start-${level}`, samples: 4 }));
    const deep = flame([...starts, { level: 9, name: 'a', samples: 3 }, { level: 9, name: 'b', samples: 1 }]);
    expect(flameRows(deep, 12)).toEqual(['│start-0', '│… 7 frames that are in every sample', '│start-8', '│a       │b']);
  });
});

describe('for other tools', () => {
  test('a stack is one folded line with its count', () => {
    expect(foldedLines(small)).toEqual([
      'main 1',
      'main;work 3',
      'main;work;read 2',
      'main;work;read 1',
      'main;main 1',
      'main;main;work 1',
      'idle 1',
    ]);
    expect(foldedLines(flame([{ level: 0, name: 'root', samples: 2 }]))).toEqual(['root 2']);
    expect(
      foldedLines(
        flame([
          { level: 0, name: 'r', samples: 1 },
          { level: 1, name: 'a;b\nc', samples: 1 },
        ]),
      ),
    ).toEqual(['a,b c 1']);
  });

  test('a picture has every frame that can be seen, and a name cannot leave its text', () => {
    const svg = flameSvg(
      flame([
        { level: 0, name: 'root', samples: 10 },
        { level: 1, name: '</title><script>alert("1")</script>\u0000\u001b[31m&', samples: 9 },
      ]),
      { title: 'slow <map>', unit: 'samples' },
    );
    expect(svg.match(/<g>/g)?.length).toBe(2);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\n9 samples (90.0 %), 9 of its own');
    expect(svg).toContain('slow &lt;map&gt; · 10 samples');
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });
});
