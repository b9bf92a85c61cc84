import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterFolder, podFolder } from '../../src/spool/places.ts';
import { readSpool } from '../../src/spool/reader.ts';
import { seen } from '../support/fake-clock.ts';
import { textOf } from '../support/log-line.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drey-killed-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (): string => podFolder(clusterFolder(folder, { server: 's', namespace: 'n', clusterId: 'c' }), 'pod');

function written(): number {
  try {
    return readdirSync(place()).reduce((sum, name) => sum + statSync(join(place(), name)).size, 0);
  } catch {
    return 0;
  }
}

test('whenever a process is killed while it writes, its log is whole up to a moment before, and another process goes on', async () => {
  const counts: number[] = [];
  for (const bytes of [1, 20_000, 100_000]) {
    const before = written();
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'killed-writer.ts'), folder], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await seen(() => written() > before + bytes);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const numbers: number[] = [];
    for await (const { lines, gaps } of readSpool({ folder: place(), container: 'main' })) {
      expect(gaps).toEqual([]);
      for (const line of lines) numbers.push(Number(textOf(line).split(' ')[1]));
    }
    expect(numbers.findIndex((number, index) => number !== index)).toBe(-1);
    counts.push(numbers.length);
  }
  // Each writes the same lines again: what several kept comes once.
  expect(counts[0]).toBeGreaterThan(0);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
});
