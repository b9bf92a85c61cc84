import { describe, expect, test } from 'vitest';
import { RunFinder, type LogRun, type RunLine } from '../../../src/inside/log/runs.ts';
import { shapeOf } from '../../../src/inside/log/shape.ts';
import { random as randomFrom } from '../random.ts';

const orders = '0d7cb6144434adb419f4d7b89eb19434';
const payments = '801c2d64d58062cdb70e31727c7d1462';
const graph = 'e4a995ac9dbaccff6cea268b5adc77a3';
const vertex = 'bc764cd8ddf7a0cff126f51c16239658';

const stamp = '2026-11-28 03:49:43,230';
const entry = (message: string, more: Partial<RunLine> = {}): RunLine => {
  const level = more.level ?? 'INFO';
  return { pod: 'jm', at: 1, level, begins: true, text: `${stamp} ${level.padEnd(5)} org.apache.flink.Thing [] - ${message}`, ...more };
};
const triggering = (id: number, job = orders): RunLine =>
  entry(
    `Triggering checkpoint ${id} (type=CheckpointType{name='Checkpoint', sharingFilesStrategy=FORWARD_BACKWARD}) @ 1795837783229 for job ${job}.`,
  );
const completed = (id: number, bytes: number, ms: number, job = orders): RunLine =>
  entry(`Completed checkpoint ${id} for job ${job} (${bytes} bytes, checkpointDuration=${ms} ms, finalizationTime=2 ms).`);
const marked = (id: number): RunLine => entry(`Marking checkpoint ${id} as completed for source Source: numbers.`);
const switched = (subtask: number, from: string, to: string, more: Partial<RunLine> = {}): RunLine =>
  entry(`Source: numbers (${subtask + 1}/12) (${graph}_${vertex}_${subtask}_0) switched from ${from} to ${to}.`, more);
const frame: RunLine = { pod: 'jm', at: 1, level: 'INFO', text: '\tat org.apache.flink.Thing.run(Thing.java:7)' };
const checkpoint = (id: number, bytes = 82_000, ms = 27, job = orders): readonly RunLine[] => [
  triggering(id, job),
  completed(id, bytes, ms, job),
];

function find(lines: readonly RunLine[], first = 0): RunFinder {
  const finder = new RunFinder(first);
  for (const line of lines) finder.add(line);
  return finder;
}

const messageOf = (text: string): string => text.split(' - ').at(-1) ?? text;

/** What is seen of these lines: a run at its last one, and the others as they are. */
function seen(lines: readonly RunLine[]): readonly string[] {
  const finder = find(lines);
  return lines.flatMap((line, number) => {
    const message = messageOf(line.text);
    const run = finder.runOf(number);
    if (run === undefined) return [message];
    if (run.members.at(-1) !== number) return [];
    return [run.words({ textOf: (each) => lines[each]?.text ?? '', messageOf }) ?? `${message} ×${run.members.length}`];
  });
}

describe('lines that Flink writes while all is well become one', () => {
  test('checkpoints of a job, with their sizes and times', () => {
    expect(seen([...checkpoint(1), ...checkpoint(2, 125_000, 157), triggering(3)])).toEqual([
      `2 checkpoints of ${orders}, 82–125 kB, 27–157 ms`,
    ]);
    expect(seen([...checkpoint(7, 980, 27), completed(8, 1_200, 27)])).toEqual([`2 checkpoints of ${orders}, 980 B – 1 kB, 27 ms`]);
    expect(seen([triggering(7), triggering(8)])).toEqual([`2 checkpoints of ${orders} triggered`]);
  });

  test('those of two jobs at the same time are two', () => {
    expect(
      seen([triggering(1), triggering(1, payments), completed(1, 5, 6), completed(1, 7, 8, payments), ...checkpoint(2, 5, 6)]),
    ).toEqual([`1 checkpoint of ${payments}, 7 B, 8 ms`, `2 checkpoints of ${orders}, 5 B, 6 ms`]);
  });

  test('that the sources were told is part of the checkpoint', () => {
    expect(seen([...checkpoint(1, 5, 6), marked(1), marked(1), ...checkpoint(2, 5, 6), marked(2)])).toEqual([
      `2 checkpoints of ${orders}, 5 B, 6 ms`,
    ]);
  });

  test('tasks by their change of state, of one vertex with its name', () => {
    const canceling = [0, 1, 2].map((subtask) => switched(subtask, 'RUNNING', 'CANCELING', { pod: `tm${subtask}` }));
    const others = canceling.map((line) => ({ ...line, text: line.text.replace('Source: numbers', 'Sink') }));
    expect(seen(canceling)).toEqual(['3 tasks of Source: numbers RUNNING → CANCELING']);
    expect(seen([...canceling, ...others])).toEqual(['6 tasks RUNNING → CANCELING']);
    expect(find(canceling).runOf(0)?.pods.size).toBe(3);
  });

  test('slots, each once', () => {
    const activate = (slot: string): RunLine => entry(`Activate slot ${slot}.`);
    expect(seen([activate(orders), activate(payments), activate(orders)])).toEqual(['2 slots activated']);
  });

  test('lines that differ in their numbers only, if there are three of a pod without another between them', () => {
    const refreshed = (count: number, pod = 'tm'): RunLine => entry(`Refreshed ${count} customers of eu-${count}a`, { pod });
    expect(seen([refreshed(1), refreshed(2)])).toHaveLength(2);
    expect(seen([1, 2, 3].map((count) => refreshed(count)))).toEqual(['Refreshed 3 customers of eu-3a ×3']);
    expect(seen([refreshed(1), refreshed(8, 'tm2'), refreshed(2), refreshed(9, 'tm2'), refreshed(3), refreshed(10, 'tm2')])).toHaveLength(
      2,
    );
    expect(seen([refreshed(1), refreshed(2), entry('Another line', { pod: 'tm' }), refreshed(3)])).toHaveLength(4);
    expect(shapeOf('took 12 ms')).not.toBe(shapeOf('took 12 minutes'));
  });
});

describe('what tells of trouble is never folded away', () => {
  test('a savepoint, and a checkpoint that expired', () => {
    const expired = [1, 2, 3].map((id) => entry(`Checkpoint ${id} of job ${orders} expired before completing.`));
    expect(seen(expired)).toHaveLength(3);
    const savepoint = triggering(9).text.replace("CheckpointType{name='Checkpoint'", "SavepointType{name='Savepoint'");
    expect(
      seen([
        { ...triggering(9), text: savepoint },
        { ...triggering(9), text: savepoint },
      ]),
    ).toHaveLength(2);
  });

  test('a task that failed, with its reason', () => {
    const failed = switched(0, 'RUNNING', 'FAILED');
    expect(seen([failed, frame, failed, frame, failed, frame])).toHaveLength(6);
  });

  test('warnings and errors, and nothing is moved past them', () => {
    for (const level of ['WARN', 'ERROR']) {
      const line = entry('Order 7 names no customer', { level, pod: 'tm' });
      expect(seen([line, line, line])).toHaveLength(3);
      expect(seen([...checkpoint(1, 5, 6), line, ...checkpoint(2, 5, 6)])).toEqual([
        `1 checkpoint of ${orders}, 5 B, 6 ms`,
        'Order 7 names no customer',
        `1 checkpoint of ${orders}, 5 B, 6 ms`,
      ]);
    }
  });

  test('an event between the lines', () => {
    const event: RunLine = { pod: undefined, at: 1, level: undefined, text: 'pod started' };
    expect(seen([...checkpoint(1), event, ...checkpoint(2)])).toHaveLength(3);
  });

  test('an entry of several lines', () => {
    expect(seen([...checkpoint(1, 5, 6), triggering(2), frame])).toEqual([
      `1 checkpoint of ${orders}, 5 B, 6 ms`,
      messageOf(triggering(2).text),
      frame.text,
    ]);
  });
});

describe('any log', () => {
  const random = randomFrom(14);
  const pods = ['jm', 'tm1', 'tm2'];
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const makers: readonly ((number: number) => RunLine)[] = [
    (number) => triggering(number, pick([orders, payments])),
    (number) => completed(number, number, number, pick([orders, payments])),
    (number) => marked(number),
    (number) => switched(number, 'DEPLOYING', pick(['RUNNING', 'FAILED']), { pod: pick(pods) }),
    (number) => entry(`Refreshed ${number}`, { pod: pick(pods) }),
    (number) => entry(`Word ${pick(['one', 'two'])} ${number}`, { pod: pick(pods) }),
    () => ({ ...frame, pod: pick(pods) }),
    (number) => entry(`Late by ${number}`, { pod: pick(pods), level: pick(['WARN', 'ERROR', 'DEBUG']) }),
    () => ({ pod: undefined, at: 1, level: undefined, text: 'event' }),
  ];
  const logs = Array.from({ length: 100 }, () => {
    const some = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(makers));
    return Array.from({ length: Math.floor(random() * 80) }, (_, number) => pick(some)(number));
  });

  test('unfolded it is what it was: each line is in one run at most, at its place, and none of trouble is', () => {
    for (const lines of logs) {
      const finder = find(lines, -7);
      const runs = new Set<LogRun>();
      for (const [index, line] of lines.entries()) {
        const run = finder.runOf(index - 7);
        if (run === undefined) continue;
        runs.add(run);
        expect(run.members).toContain(index - 7);
        expect([line.begins, line.level === 'WARN' || line.level === 'ERROR', line.text.includes('FAILED')]).toEqual([true, false, false]);
      }
      const members = [...runs].flatMap((run) => run.members);
      expect(new Set(members).size).toBe(members.length);
      for (const { members: each } of runs) expect(each).toEqual(each.toSorted((a, b) => a - b));
      expect(new Set([...runs].map(({ id }) => id)).size).toBeLessThanOrEqual(runs.size);
    }
  });

  test('it is the same, whether its lines come at once or one by one and are looked at meanwhile', () => {
    for (const lines of logs) {
      const finder = new RunFinder(0);
      for (const line of lines) {
        finder.add(line);
        finder.runOf(finder.next - 1)?.words({ textOf: (number) => lines[number]?.text ?? '', messageOf: (text) => text });
      }
      const atOnce = find(lines);
      const all = lines.map((_, number) => number);
      expect(all.map((number) => finder.runOf(number)?.members)).toEqual(all.map((number) => atOnce.runOf(number)?.members));
    }
  });
});
