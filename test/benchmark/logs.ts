import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LogLine } from '../../src/kubernetes/model/types.ts';
import { LogStore } from '../../src/session/logs/log-store.ts';
import { readSpool } from '../../src/spool/reader.ts';
import { Spool } from '../../src/spool/spool.ts';
import { systemClock } from '../../src/support/clock.ts';
import { compilePattern, loadPatterns, type Pattern } from '../../src/support/pattern.ts';
import { turnOver } from '../../src/support/turns.ts';
import { random } from '../support/random.ts';
import type { Figure } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

const lineCount = 10_000_000;
const linesPerSecond = 500_000;
/** One line in this many is looked for. */
const rareEvery = 100_000;
const portion = 500;
const [pod, container] = ['pod', 'flink-main-container'];
const rare = 'Lost the connection to container_17 after 60000 ms';

/** Lines as Flink writes them, with ids that repeat as little as its own do. */
function portions(count: number): readonly LogLine[][] {
  const below = random(1);
  const hex = (): string =>
    Array.from({ length: 8 }, () =>
      below(2 ** 16)
        .toString(16)
        .padStart(4, '0'),
    ).join('');
  const verbs = ['CREATED to SCHEDULED', 'SCHEDULED to DEPLOYING', 'DEPLOYING to INITIALIZING', 'INITIALIZING to RUNNING'];
  return Array.from({ length: count }, () =>
    Array.from({ length: portion }, (_, n) => {
      const attempt = n % 4 === 0 ? ` (${hex()}_${hex()}_${below(8)}_0)` : '';
      const bytes = Buffer.from(
        `2026-11-22 11:34:${String(below(60)).padStart(2, '0')},${below(1_000)} INFO  org.apache.flink.runtime.taskmanager.Task [] - Source: orders -> filter (${below(8)}/8)${attempt} switched from ${verbs[below(4)]}.`,
      );
      return { at: 0, bytes, from: 0, to: bytes.length, cut: false };
    }),
  );
}

/** Writes the lines at their rate, or as fast as they are taken, into memory and onto the disk. */
async function write(folder: string): Promise<{ readonly place: string; readonly perSecond: number; readonly text: number }> {
  const store = new LogStore();
  const bounds = { podBytes: Infinity, totalBytes: Infinity, keptMs: Infinity };
  const cluster = { server: 'https://bench', namespace: 'default', clusterId: 'bench' };
  const spool = new Spool({ folder, cluster, clock: systemClock, bounds, report: () => {} });
  const pool = portions(200);
  const rareBytes = Buffer.from(`2026-11-22 11:34:16,000 WARN  org.apache.flink.runtime.taskmanager.Task [] - ${rare}`);
  const begin = Date.now() - lineCount / 100;
  const began = performance.now();
  let text = 0;
  for (let line = 0; line < lineCount; line += portion) {
    const lines = (pool[(line / portion) % pool.length] ?? []).map((each, n) => ({ ...each, at: begin + Math.floor((line + n) / 100) }));
    if (line % rareEvery === 0) lines[1] = { at: begin + line / 100, bytes: rareBytes, from: 0, to: rareBytes.length, cut: false };
    for (const { to } of lines) text += to + 1;
    store.append(pod, lines);
    spool.append(pod, container, lines);
    const ahead = (line / linesPerSecond) * 1_000 - (performance.now() - began);
    if (ahead > 1) await rest(ahead);
    else await turnOver();
  }
  await spool[Symbol.asyncDispose]();
  return { place: spool.podFolder(pod), perSecond: lineCount / ((performance.now() - began) / 1_000), text };
}

interface Search {
  readonly firstMs: number;
  readonly allMs: number;
  readonly found: number;
  readonly longestBlock: number;
}

/** From the newest line backwards, as one who looks for what went wrong. */
async function search(folder: string, { test, mayMatch }: Pattern): Promise<Search> {
  const decoder = new TextDecoder();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const began = performance.now();
  let [firstMs, found] = [Number.NaN, 0];
  for await (const { lines } of readSpool({ folder, container, backwards: true, among: mayMatch })) {
    found += lines.filter(({ bytes, from, to }) => test(decoder.decode(bytes.subarray(from, to)))).length;
    if (found > 0 && Number.isNaN(firstMs)) firstMs = performance.now() - began;
    await turnOver();
  }
  delay.disable();
  return { firstMs, allMs: performance.now() - began, found, longestBlock: delay.max / 1e6 };
}

function patternOf(source: string): Pattern {
  const compiled = compilePattern(source, { ignoreCase: true });
  if (compiled.kind !== 'pattern') throw new Error(`${source} is not an expression`);
  return compiled.pattern;
}

/** What a spool takes, how large it is, and how soon something is found in ten million lines of it. */
export const logs: Suite = async ({ workshop }) => {
  await loadPatterns();
  const { place, perSecond, text } = await write(join(workshop.folder, 'logs'));
  let lost = 0;
  for await (const { gaps } of readSpool({ folder: place, container, among: () => false })) for (const gap of gaps) lost += gap.lines;
  const bytes = readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);
  const figures: Figure[] = [
    { name: 'lines a second, to memory and disk', value: perSecond, unit: '/s', target: 0.95 * linesPerSecond, atLeast: true },
    {
      name: 'text for each byte on disk',
      value: text / bytes,
      unit: '',
      target: 8,
      atLeast: true,
      note: `${Math.round(bytes / 2 ** 20)} MB`,
    },
  ];
  for (const [name, source] of [
    ['a text', 'lost the connection'],
    ['an expression that repeats', String.raw`lost .* container_\d+ after \d+ ms$`],
  ] as const) {
    const { firstMs, allMs, found, longestBlock } = await search(place, patternOf(source));
    lost = Math.max(lost, (lineCount / rareEvery - found) * rareEvery);
    figures.push(
      { name: `first match of ${name} in ${lineCount / 1e6} M lines`, value: firstMs, unit: 'ms', target: 1_000 },
      { name: `all matches of ${name}`, value: allMs, unit: 'ms', target: 10_000, note: `${found} lines` },
      { name: `longest block of the event loop meanwhile`, value: longestBlock, unit: 'ms', target: 20 },
    );
  }
  return [{ name: 'lines lost', value: lost, unit: '', target: 0, note: `of ${lineCount}` }, ...figures];
};
