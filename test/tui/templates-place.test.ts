import { describe, expect, test } from 'vitest';
import { keyOf } from '../../src/session/inspections/inspections.ts';
import type { Session } from '../../src/session/types.ts';
import { templatesInside, type Written } from '../support/templates-inside.ts';
import { ascii, unicode } from '../../src/tui/look/glyphs.ts';
import { heatLine } from '../../src/tui/rows/templates.ts';
import { logsOf, now, richLines, richSession } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions } from './harness.ts';

const jm = 'my-first-flink-cluster-jobmanager-f647b';
const tm = 'my-first-flink-cluster-taskmanager-1-1';

const entry = (level: number, message: string, secondsAgo: number, over: Partial<Written> = {}): Written => ({
  level,
  message,
  at: now - secondsAgo * 1_000,
  pod: tm,
  ...over,
});

/** The newest failure of the session was 4 s ago. */
const entries: readonly Written[] = [
  ...Array.from({ length: 40 }, (_, index) => entry(3, `Checkpoint ${index} completed in ${index} ms`, 60 + index * 60, { pod: jm })),
  entry(4, 'Heartbeat of 3 is late', 30),
  entry(3, 'Registering task 4', 3),
  entry(5, 'Exception in task 5', 3, { exception: 'java.lang.OutOfMemoryError' }),
];

function sessionWith(pending = 0, written: readonly Written[] = entries): Session {
  const session = richSession();
  const all = templatesInside(undefined, written, { now, pending });
  return { ...session, inspections: new Map([...session.inspections, [keyOf(all.subject), all]]) };
}

/** `T` in the log of all pods. */
async function inTemplates(options: ScreenOptions = {}): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest({ session: sessionWith(), logs: logsOf(richLines()), ...options });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
  screen.type('aT');
  await screen.place.sees('Templates of all logs');
  return screen;
}

describe('the templates of the logs', () => {
  test('are listed by how often they were written, those that are new since the failure before all others', async () => {
    await using screen = await inTemplates();
    await screen.hints.sees('Esc back');
    await screen.hints.seesNo('neighbours');
    await screen.panel('Templates').sees('2 new since orders-enrichment failed at 11:34:16');
    expect(
      screen
        .panel('Templates')
        .rows()
        .slice(1, 5)
        .map((row) => row.replace(/^▸ /, '').replaceAll(/ +/g, ' ')),
    ).toEqual([
      expect.stringMatching(/^new 1 ERROR .* 11:34:17 11:34:17 tm1-1 Exception in task \* java.lang.Out/),
      expect.stringMatching(/^new 1 INFO .* tm1-1 Registering task \*/),
      expect.stringMatching(/^40 INFO [▁▂▃▄▅▆▇█].* 10:54:20 11:33:20 jm Checkpoint \* completed in \* ms/),
      expect.stringMatching(/^1 WARN .* Heartbeat of \* is late/),
    ]);
    await screen.place.sees('43 entries since 10:54:20');
  });

  test('none is called new before all lines are read, and the title says how many are left', async () => {
    await using screen = await inTemplates({ session: sessionWith(120_000) });
    await screen.panel('Templates').sees(/120,?000 lines to read/);
    await screen.panel('Templates').seesNo('new');
  });

  test('none is called new if the logs begin after the failure', async () => {
    await using screen = await inTemplates({
      session: sessionWith(
        0,
        entries.filter(({ at }) => at > now - 4_000),
      ),
    });
    await screen.panel('Templates').sees('Registering task *');
    await screen.panel('Templates').seesNo('new');
  });

  test('Enter shows the lines of one, named in the title, and Esc leads back to its row', async () => {
    await using screen = await inTemplates();
    screen.type('gjj');
    await screen.panel('Templates').sees(/▸ +40 INFO/);
    screen.type('⏎');
    await screen.panel('Log').sees('Checkpoint * completed in * ms · ');
    await screen.panel('Log').sees('Checkpoint 58 completed in 174 ms');
    await screen.panel('Log').seesNo('Lost connection');
    screen.type('⎋');
    await screen.panel('Log').sees('Lost connection');
    expect(screen.panel('Templates').selected()).toContain('Checkpoint * completed');
    await screen.panel('Templates').sees('⏎ lines');
    screen.type('⎋');
    await screen.panel('Pods').sees('jobmanager');
  });

  test('on a small screen the lines take the place of the table, and Esc gives it back', async () => {
    await using screen = await inTemplates({ columns: 80, rows: 24 });
    screen.type('gjj');
    await screen.panel('Templates').sees(/▸ +40 INFO/);
    screen.type('⏎');
    await screen.panel('Log').sees('Checkpoint 58 completed');
    screen.type('⎋');
    await screen.panel('Templates').sees(/▸ +40 INFO/);
  });

  test('the selected row stays that of its template when others become more', async () => {
    await using screen = await inTemplates();
    screen.type('gjj');
    await screen.panel('Templates').sees(/▸ +40 INFO/);
    const inspection = templatesInside(
      undefined,
      [...entries, ...Array.from({ length: 90 }, () => entry(4, 'Heartbeat of 3 is late', 2))],
      { now },
    );
    screen.store.tell([{ kind: 'inspection', at: now, inspection }]);
    await screen.panel('Templates').sees('91 WARN');
    expect(screen.panel('Templates').selected()).toContain('Checkpoint * completed');
  });

  test('are filtered and sorted like every table', async () => {
    await using screen = await inTemplates();
    screen.type('/heartbeat⏎');
    await screen.panel('Templates').sees('1 of 4');
    screen.type('⎋');
    await screen.panel('Templates').sees('Registering');
    screen.type('s');
    await screen.panel('Templates').sees(/▸? +40 INFO/);
  });

  test('T in the log of a template leads back to its row', async () => {
    await using screen = await inTemplates();
    screen.type('gjj');
    await screen.panel('Templates').sees(/▸ +40 INFO/);
    screen.type('⏎');
    await screen.panel('Log').sees('Checkpoint * completed in * ms · ');
    screen.type('T');
    await screen.panel('Templates').sees('⏎ lines');
    expect(screen.panel('Templates').selected()).toContain('Checkpoint * completed');
  });

  test('are drawn in ASCII as well', () => {
    const minutes = [...Array.from({ length: 50 }, () => 0), 1, 1, 0, 0, 9, 9, 0, 99, 999, 1];
    expect(heatLine(minutes, 60, ascii)).toBe(`${' '.repeat(25)}_ -=#`);
    expect(heatLine(minutes, 12, unicode)).toBe(`${' '.repeat(10)}▃█`);
  });
});

test('only what is looked at is read', async () => {
  await using screen = await inTemplates();
  expect(screen.inspected).toEqual([{ kind: 'templates', pods: undefined }]);
  screen.type('⎋');
  await screen.panel('Pods').sees('jobmanager');
  expect(screen.inspected).toEqual([]);
});
