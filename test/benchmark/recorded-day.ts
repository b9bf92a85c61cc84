import type { Change } from '../../src/session/types.ts';
import { insideOf, line, loaded, shares } from '../inside/job/build.ts';
import { jobOf, listed, podOf, seen, status } from '../session/build.ts';
import { random } from '../support/random.ts';
import { jobDetail } from '../support/job-detail.ts';

const second = 1_000;
const podCount = 50;
const vertexNames = Array.from({ length: 12 }, (_, n) => `Vertex ${n}: map and filter of orders`);
const jobId = 'a'.repeat(32);

/** Changes that are told at once. */
export interface Told {
  readonly at: number;
  readonly changes: readonly Change[];
}

/**
 * What the feeds tell of a session cluster of 50 pods and two jobs on a screen that has the focus all day, in their tempos: counters of logs
 * every second, Flink every three, details of jobs every five, usage every fifteen, and somebody looks into a job all the time. Every ten
 * minutes a TaskManager is killed.
 */
export function* recordedDay(from: number, ms: number): Generator<Told, void, undefined> {
  const roll = random(7);
  const pods = Array.from({ length: podCount }, (_, n) => podOf(n === 0 ? 'jobmanager-x2b7k' : `taskmanager-1-${n}`));
  yield { at: from, changes: [listed(pods, from)] };
  const lines = pods.map(() => 0);
  const jobs = ['orders', 'customers'].map((name, n) => jobOf({ id: String(n).repeat(32), name }));
  for (let n = 1; n * second <= ms; n += 1) {
    const at = from + n * second;
    const changes: Change[] = pods.map(({ name }, index) => {
      const count = (lines[index] = (lines[index] ?? 0) + roll(20));
      return {
        kind: 'log',
        at,
        log: name,
        counters: { lines: count, bytes: count * 120, dropped: Math.max(0, count - 50_000), ended: false },
      };
    });
    if (n % 3 === 0)
      changes.push(
        {
          kind: 'overview',
          at,
          overview: { taskManagers: 49, slotsTotal: 98, slotsAvailable: 4, flinkVersion: '2.3.0', flinkCommit: undefined },
        },
        { kind: 'jobs-seen', at, jobs: jobs.map((job) => ({ ...job, durationMs: n * second })) },
        { kind: 'source', at, source: 'flink', status: status('live', at) },
        { kind: 'source', at, source: 'pods', status: status('live', at) },
        lookedInto(at, n, roll),
      );
    if (n % 5 === 0) for (const { id } of jobs) changes.push(details(at, id, n));
    if (n % 15 === 0)
      changes.push({
        kind: 'usage',
        at,
        usage: pods.map(({ name }) => [
          name,
          { cpu: roll(1_000) / 1_000, memory: roll(1_728) * 2 ** 20, memoryMax: undefined, source: 'metrics.k8s.io', at },
        ]),
      });
    if (n % 600 === 0) {
      const killed = {
        ...(pods[1 + roll(podCount - 1)] ?? podOf('none')),
        state: 'OOMKilled (137)',
        severity: 'error',
        restarts: n / 600,
      } as const;
      changes.push(seen([killed], at), {
        kind: 'timeline',
        at,
        line: { at, from: 'k8s', severity: 'error', subject: killed.name, text: `pod ${killed.shortName}: OOMKilled, restart ${n / 600}` },
      });
    }
    yield { at, changes };
  }
}

/** The place of a job of twelve vertices. */
function lookedInto(at: number, n: number, roll: (most: number) => number): Change {
  const share = (): number => roll(1_000) / 1_000;
  const vertices = vertexNames.map((name) => {
    const load = shares(share(), share());
    const past = Array.from({ length: 60 }, (_, back) => ({ at: at - back * 3 * second, load, recordsIn: n - back, recordsOut: n - back }));
    return loaded(name, load, { past });
  });
  return {
    kind: 'inspection',
    at,
    inspection: {
      subject: { kind: 'job', job: jobId },
      facts: insideOf(jobDetail({ id: jobId, name: 'orders', edges: line(...vertexNames) }), vertices),
      readAt: at,
      problem: undefined,
    },
  };
}

function details(at: number, job: string, n: number): Change {
  const checkpoint = (id: number) => ({
    id,
    status: 'COMPLETED',
    isSavepoint: false,
    triggeredAt: at - 9_000,
    endedAt: at - 8_000,
    durationMs: 1_000,
    sizeBytes: 40_000 + id,
    acknowledged: 24,
    subtasks: 24,
    path: `s3://checkpoints/${job}/chk-${id}`,
    failure: undefined,
  });
  const number = Math.floor(n / 10);
  return {
    kind: 'job-details',
    at,
    jobId: job,
    restarts: 0,
    exceptions: [],
    checkpoints: {
      restored: 0,
      completed: number,
      failed: 0,
      inProgress: 0,
      latestCompleted: checkpoint(number),
      latestSavepoint: undefined,
      latestFailed: undefined,
      latestRestored: undefined,
      history: Array.from({ length: 10 }, (_, back) => checkpoint(number - back)),
    },
  };
}
