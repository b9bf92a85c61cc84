import { expect, test } from 'vitest';
import { Terminal } from './harness.ts';

test('a job fails: what is new since then is on top of the templates, Enter shows its lines, Esc leads back, and the title of the log shows the minute', async () => {
  await using terminal = new Terminal(['attach', '--sandbox'], { columns: 120, rows: 40 });
  await terminal.sees('CarTopSpeedWindowing');
  terminal.type('sandbox fail orders-enrichment⏎');
  await terminal.sees(/! orders-enrichment /);
  terminal.type('templates⏎');
  await terminal.sees(/\d+ new since orders-enrichment failed at \d\d:\d\d:\d\d/);
  terminal.type('⎋');
  await terminal.sees('⏎ lines');
  terminal.type('g');
  await terminal.sees(/▸ new +\d+ (ERROR|WARN) /);
  const row = (): string | undefined => terminal.rows().find((each) => each.includes('▸ new'));
  const chosen = row()?.slice(0, 20);
  terminal.type('⏎');
  await terminal.sees(/╭ Log ─* ?all 3 logs · .* of \d+ lines/);
  await terminal.sees('G follow');
  terminal.type('⎋');
  await terminal.sees('⏎ lines');
  expect(row()?.slice(0, 20)).toBe(chosen);
  terminal.type('0');
  await terminal.sees(/╭ Log .* errors\/min .*[▁▂▃▄▅▆▇█] ╮/);
});
