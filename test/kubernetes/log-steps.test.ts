import { describe, expect, test } from 'vitest';
import type { ContainerInstance } from '../../src/kubernetes/model/container-instance.ts';
import { stepAfterEnd } from '../../src/kubernetes/logs/log-steps.ts';

const running: ContainerInstance = { podUid: 'p', id: 'containerd://a', restarts: 0, running: true, final: false };
const crashed = { ...running, running: false };
const finished = { ...crashed, final: true };
const restarted = { ...running, id: 'containerd://b', restarts: 1 };

describe('a log that ended in good order', () => {
  test.each([
    ['is over when its pod is gone', running, undefined, false, { kind: 'over' }],
    ['is read on while its container runs', running, running, false, { kind: 'running' }],
    ['is read on when nothing was known of its container', undefined, running, false, { kind: 'running' }],
    ['is read once more when its container ended meanwhile', running, crashed, false, { kind: 'once-more' }],
    ['waits for a container that may be started again', crashed, crashed, true, { kind: 'wait' }],
    ['is over when no other run will come', finished, finished, true, { kind: 'over' }],
    ['goes on with the next run, after the rest of the one before', running, restarted, false, { kind: 'next-run', missed: true }],
    ['goes on with the next run at once if all of the one before was read', crashed, restarted, true, { kind: 'next-run', missed: false }],
    [
      'goes on with the next run at once if the one before is out of reach',
      running,
      { ...restarted, restarts: 2 },
      false,
      { kind: 'next-run', missed: false },
    ],
  ] as const)('%s', (_, before, now, complete, step) => {
    expect(stepAfterEnd(before, now, complete)).toEqual(step);
  });
});
