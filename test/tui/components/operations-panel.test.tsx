import { expect, test } from 'vitest';
import { PanelSafely } from '../../../src/tui/components/base/panel-safely.tsx';
import { OperationsPanel } from '../../../src/tui/components/operations-panel.tsx';
import type { Operation } from '../../../src/session/types.ts';
import { filterOf, now, richSession } from '../fixtures.ts';
import { area, frame, show, withList } from './show.tsx';
import { inPanel } from '../where.ts';

const operation = (id: string, over: Partial<Operation> = {}): Operation => ({
  id,
  title: `Savepoint of job-${id}`,
  kind: 'savepoint',
  jobId: undefined,
  startedAt: now - 9_000,
  endedAt: undefined,
  state: 'running',
  progress: '3/8 subtasks',
  result: undefined,
  ...over,
});
const operations = [
  operation('1', { state: 'succeeded', endedAt: now - 5_000, result: 's3://flink/savepoints/savepoint-1a2b3c', progress: undefined }),
  operation('2'),
];
const session = { ...richSession(), operations };

test('the newest stands first, and what runs is counted', () => {
  expect(show(<OperationsPanel area={area} />, frame({ session })).text()).toMatchInlineSnapshot(`
    "╭ Operations ─────────────────────────────────────────── 2 · 1 running ╮
    │   OPERATION          STATE       TOOK STARTED  RESULT                │
    │   Savepoint of job-2 ⟳ running     9s 11:34:11 3/8 subtasks          │
    │   Savepoint of job-1 ✓ succeeded   4s 11:34:11 …nts/savepoint-1a2b3c │
    │                                                                      │
    │                                                                      │
    │                                                                      │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
});

test('with room the path of a savepoint is whole', () => {
  const wide = { ...area, width: 120 };
  expect(show(<OperationsPanel area={wide} />, frame({ session }), wide).text()).toContain(
    '✓ succeeded   4s 11:34:11 s3://flink/savepoints/savepoint-1a2b3c',
  );
});

test.each([
  ['running', '⟳ running'],
  ['succeeded', '✓ succeeded'],
  ['failed', '✗ failed'],
  ['unknown', '◐ unknown'],
] as const)('an operation that is %s says so in a sign and a word', (state, cell) => {
  const shown = show(<OperationsPanel area={area} />, frame({ session: { ...session, operations: [operation('1', { state })] } })).text();
  expect(shown).toContain(` ${cell} `);
  expect(shown.includes('1 running ╮')).toBe(state === 'running');
});

test('what went wrong is read from its beginning', () => {
  const failed = operation('1', {
    state: 'failed',
    progress: undefined,
    result: 's3://flink/savepoints/x cannot be written: access denied',
  });
  expect(show(<OperationsPanel area={area} />, frame({ session: { ...session, operations: [failed] } })).text()).toContain(
    ' s3://flink/savepoint… │',
  );
});

test('without any it says what appears here, and with a filter that none matches', () => {
  expect(show(<OperationsPanel area={area} />).text()).toContain('No operations yet. Savepoints, submits and stops started here');
  expect(show(<OperationsPanel area={area} />, withList('operations', { filter: filterOf('zzz') }, { session })).text()).toContain(
    'No operation matches zzz',
  );
});

test('the selected one has a mark', () => {
  expect(
    show(<OperationsPanel area={area} />, withList('operations', { selected: '1', index: 1 }, { session }, inPanel('operations'))).text(),
  ).toMatch(/▸ Savepoint of job-1/);
});

test('it is drawn again when one goes on, and not for anything else', async () => {
  const { drawnSince, next, text } = show(<OperationsPanel area={area} />, frame({ session }));
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...before.session, pods: new Map(), jobs: [] } }));
  expect(drawnSince()).toBe(0);
  await next((before) => ({ session: { ...before.session, operations: [operation('2', { progress: '5/8 subtasks' })] } }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('5/8 subtasks');
});

test('a defect is shown in its place', () => {
  const broken = frame({ session: { ...session, operations: null as never } });
  expect(
    show(
      <PanelSafely name="operations" area={area}>
        <OperationsPanel area={area} />
      </PanelSafely>,
      broken,
    ).text(),
  ).toContain('This panel cannot be drawn:');
});
