import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

/** The inside of a job that runs: `Backpressured.jar` has a source that is fast, and an operator that sleeps 5 ms for each record. */

const clusterId = 'inside';
const jobName = 'Backpressured';

/** Milliseconds. A JVM starts slowly where little CPU is left. */
const patience = 400_000;

interface Answer {
  readonly data: {
    readonly bottleneck: { readonly kind: string; readonly sentence: string };
    readonly vertices: readonly {
      readonly name: string;
      readonly load: Readonly<Record<'busy' | 'backPressured' | 'idle', number | undefined>>;
      readonly perSecond: Readonly<Record<'recordsIn' | 'recordsOut', number | undefined>>;
    }[];
  };
}

let namespace: TestNamespace;

beforeAll(async () => {
  namespace = await testNamespace('inside');
  await deploySession(namespace, clusterId);
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const started = await run('flink', ['run', '-d', ...target, join(examples, 'jobs/Backpressured.jar'), '--sleep', '5']);
  expect(started).toMatchObject({ code: 0 });
}, patience);
afterAll(() => namespace[Symbol.asyncDispose]());

const drey = (...args: readonly string[]) => run('drey', ['job', clusterId, jobName, '--namespace', namespace.name, ...args]);

test(
  'the slow operator is the bottleneck, by its numbers and those of the source before it',
  async () => {
    const { data } = await until(async () => {
      const { code, stdout } = await drey('-o', 'json');
      const answer = code === 0 ? (JSON.parse(stdout) as Answer) : undefined;
      return answer?.data.bottleneck.kind === 'found' ? answer : undefined;
    }, 1_000);
    expect(data.bottleneck.sentence).toMatch(
      /^slow map is the bottleneck: busy \d+%, while Source: fast source before it is back-pressured \d+%\.$/,
    );
    const [source, slow, sink] = data.vertices;
    expect([source?.name, slow?.name, sink?.name]).toEqual(['Source: fast source', 'slow map', 'discard: Writer']);
    expect(source?.load.backPressured).toBeGreaterThan(0.5);
    expect(slow?.load.busy).toBeGreaterThan(0.5);
    // 5 ms for each record of one subtask: at most 200 a second.
    expect(slow?.perSecond.recordsIn).toBeLessThan(250);
    expect(source?.perSecond.recordsIn).toBeUndefined();
    expect((await drey()).stdout).toContain('Bottleneck      slow map is the bottleneck');
  },
  patience,
);
