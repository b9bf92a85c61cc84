import { describe, expect, test } from 'vitest';
import { bottleneckSentence } from '../../../src/inside/job/bottleneck.ts';
import type { VertexInside } from '../../../src/inside/job/types.ts';
import type { JobEdge } from '../../../src/flink/job-graph.ts';
import { vertex, jobDetail } from '../../support/job-detail.ts';
import { insideOf, line, loaded, shares, unknown } from './build.ts';

/** The sentence about a running job of these vertices. */
function says(vertices: readonly VertexInside[], edges: readonly JobEdge[], state = 'RUNNING'): string {
  return bottleneckSentence(insideOf(jobDetail({ state, edges }), vertices));
}

test('the busy vertex behind one that waits is the bottleneck', () => {
  expect(
    says(
      [loaded('source', shares(0.01, 0.99)), loaded('map', shares(0.97, 0)), loaded('sink', shares(0.04, 0))],
      line('source', 'map', 'sink'),
    ),
  ).toBe('map is the bottleneck: busy 97%, while source before it is back-pressured 99%.');
});

test('a vertex that is held up itself is not the bottleneck, however busy it is', () => {
  const vertices = [loaded('source', shares(0.1, 0.9)), loaded('parse', shares(0.6, 0.4)), loaded('write', shares(1, 0))];
  expect(says(vertices, line('source', 'parse', 'write'))).toBe(
    'write is the bottleneck: busy 100%, while parse before it is back-pressured 40%.',
  );
});

test('a busy vertex that is a little held up is one if nothing behind it is busy', () => {
  const vertices = [loaded('source', shares(0.1, 0.9)), loaded('parse', shares(0.8, 0.15)), loaded('write', shares(0.2, 0))];
  expect(says(vertices, line('source', 'parse', 'write'))).toContain('parse is the bottleneck');
});

test('one subtask that gets most of the records is a bottleneck, though the mean is low', () => {
  const hot = loaded('count', shares(0.25, 0), { peak: shares(1, 0) });
  expect(says([loaded('source', shares(0.1, 0.9)), hot], line('source', 'count'))).toBe(
    'count is the bottleneck: busy 100%, while source before it is back-pressured 90%.',
  );
});

test('several that wait are counted', () => {
  const edges = [...line('orders', 'join'), ...line('customers', 'join')];
  expect(says([loaded('orders', shares(0, 0.7)), loaded('customers', shares(0, 0.9)), loaded('join', shares(0.95, 0))], edges)).toBe(
    'join is the bottleneck: busy 95%, while 2 vertices before it are back-pressured, up to 90%.',
  );
});

test('two edges between the same vertices count once', () => {
  const edges = [...line('orders', 'join'), ...line('orders', 'join')];
  expect(says([loaded('orders', shares(0, 0.7)), loaded('join', shares(0.95, 0))], edges)).toContain('orders before it');
});

describe('there is none, and the sentence says why', () => {
  test('if nothing waits', () => {
    expect(says([loaded('source', shares(0.3, 0)), loaded('map', shares(0.97, 0.05))], line('source', 'map'))).toBe(
      'There is no bottleneck: no vertex is back-pressured; the busiest is map, 97%.',
    );
  });

  test('if something waits and nothing behind it is busy: no cause is named without proof', () => {
    expect(says([loaded('source', shares(0.1, 0.6)), loaded('map', shares(0.2, 0))], line('source', 'map'))).toBe(
      'The bottleneck is not known: source is back-pressured 60%, but no vertex behind it is busy for half of its time; the busiest is map, 20%.',
    );
  });

  test('if records wait on disk for the next stage, which presses nobody', () => {
    const edges = line('source', 'map').map((edge) => ({ ...edge, exchange: 'blocking' }));
    expect(says([loaded('source', shares(0.1, 0.9)), loaded('map', shares(1, 0))], edges)).toContain('is not known');
  });

  test('if Flink has not reported the load', () => {
    expect(says([loaded('source', shares(0.1, 0)), loaded('map', unknown)], line('source', 'map'))).toBe(
      'The bottleneck is not known yet: Flink has not reported the load of 1 of 2 vertices.',
    );
  });

  test('if no vertex runs yet', () => {
    const early: VertexInside = { ...loaded('source', unknown), vertex: vertex({ id: 'source', state: 'DEPLOYING' }) };
    expect(says([early], [])).toBe('The bottleneck is not known yet: Flink has not reported the load of 1 of 1 vertices.');
  });

  test('if the job does not run', () => {
    expect(says([loaded('source', shares(0, 1)), loaded('map', shares(1, 0))], line('source', 'map'), 'RESTARTING')).toBe(
      'There is no bottleneck to look for: the job is RESTARTING.',
    );
  });
});

test('a vertex that is known to be the bottleneck is named although others are not known yet', () => {
  const vertices = [loaded('source', shares(0, 1)), loaded('map', shares(1, 0)), loaded('sink', unknown)];
  expect(says(vertices, line('source', 'map', 'sink'))).toContain('map is the bottleneck');
});
