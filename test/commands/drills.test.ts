import { describe, expect, test } from 'vitest';
import { drills } from '../../src/commands/procedures/drills.ts';
import type { Shown } from '../../src/commands/model/shown.ts';
import { job } from '../support/pods-and-jobs.ts';

const asked = job({ id: 'a'.repeat(32), name: 'orders' });

function shown(panels: Partial<Record<Parameters<Shown['rows']>[0], readonly string[]>>, logPlace?: Shown['logPlace']): Shown {
  return { keys: 9, focus: 'command', about: undefined, rows: (panel) => panels[panel] ?? [], logPlace };
}
const tm = 'mine-taskmanager-1-1';
const jm = 'mine-jobmanager-x2b7k';

/** Where the answer is, and places that look like it: the table or the timeline, which only name it, the explanation of something else, another log. */
const places: Readonly<Record<string, { readonly right: Shown; readonly wrong: Readonly<Record<string, Shown>> }>> = {
  oom: {
    right: shown({ incident: ['│ Fact   status of taskmanager-1-1: OOMKilled (137), limit 1728Mi │'] }),
    wrong: {
      'the table of pods': shown({ pods: ['taskmanager-1-1  ✗ OOMKilled (137)'] }),
      'the timeline': shown({ timeline: ['pod taskmanager-1-1: OOMKilled (137)'] }),
      'the description of the pod': shown({ text: ['Pod taskmanager-1-1: OOMKilled (137), limit 1728Mi.'] }),
      'the description of another pod': shown({ text: ['Pod taskmanager-1-2: Running'] }),
      'the log': shown({}, { pod: tm, lines: ['OOMKilled'] }),
    },
  },
  'bad-record': {
    right: shown({}, { pod: tm, lines: ['WARN switched to FAILED', 'java.io.IOException: no customer for order 48151623'] }),
    wrong: {
      'the log of the JobManager': shown({}, { pod: jm, lines: ['no customer for order 48151623'] }),
      'another place in that log': shown({}, { pod: tm, lines: ['INFO Checkpoint 7'] }),
      'the explanation': shown({ incident: ['Root cause no customer for order 48151623'] }),
      'the timeline': shown({ timeline: ['job orders failed: no customer for order 48151623'] }),
      'no line of the log': shown({ log: ['48151623'] }),
    },
  },
  outage: {
    right: shown({ incident: ['│ Kubernetes does not answer: The API server at … refuses │', '│      connections.        ┃'] }),
    wrong: {
      'the panels': shown({ pods: ['as of 9 s ago'] }),
      'the timeline': shown({ timeline: ['Kubernetes lost: The API server refuses connections.'] }),
      'the help': shown({ text: ['refresh - Refresh everything now'] }),
    },
  },
  'stuck-savepoint': {
    right: shown({ operations: ['Savepoint of orders  running  3/8 subtasks'] }),
    wrong: {
      'the timeline': shown({ timeline: ['Savepoint of orders: 3/8 subtasks'] }),
      'an operation without progress': shown({ operations: ['Savepoint of orders  running'] }),
      'the explanation': shown({ incident: ['3/8 subtasks'] }),
    },
  },
  'no-slots': {
    right: shown({ incident: ['taskmanager-1-3: Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.'] }),
    wrong: {
      'the table of pods': shown({ pods: ['taskmanager-1-3  Unschedulable: 1 Insufficient cpu'] }),
      'the explanation of something else': shown({ incident: ['orders waits for slots'] }),
    },
  },
  'two-failures': {
    right: shown({ incident: ['Job orders is RESTARTING.', 'Root cause java.io.IOException: unknown currency XQZ'] }),
    wrong: {
      'the explanation of the other job': shown({
        incident: ['Job cars is RESTARTING.', 'Root cause java.lang.OutOfMemoryError: Java heap space'],
      }),
      'the timeline': shown({ timeline: ['job orders failed: unknown currency XQZ'] }),
      'the log': shown({}, { pod: tm, lines: ['unknown currency XQZ'] }),
    },
  },
};

describe.each(drills.map((drill) => [drill.name, drill] as const))('drill %s', (name, { answered }) => {
  const { right, wrong } = places[name] ?? { right: undefined, wrong: {} };

  test('is found where the answer stands', () => {
    expect(right !== undefined && answered(right, asked)).toBe(true);
  });

  test.each(Object.entries(wrong))('is not found at %s', (_place, at) => {
    expect(answered(at, asked)).toBe(false);
  });

  test('is not found on an empty screen', () => {
    expect(answered(shown({}), asked)).toBe(false);
  });
});
