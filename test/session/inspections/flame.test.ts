import { describe, expect, test } from 'vitest';
import type { FlameSample, Profile } from '../../../src/flink/flame-types.ts';
import type { FlinkClient } from '../../../src/flink/types.ts';
import { flameInspection, type FlameFacts, type FlameSubject } from '../../../src/session/inspections/flame.ts';
import { profileInspection, type ProfileFacts } from '../../../src/session/inspections/profile.ts';
import { Problem } from '../../../src/support/problem.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeFlink, noLogs } from '../../support/fakes.ts';
import { enrichFrames } from '../../support/flame-inside.ts';
import { jobDetail, vertex } from '../../support/job-detail.ts';

const { signal } = new AbortController();

describe('the flame graph of a vertex', () => {
  const subject: FlameSubject = { kind: 'flame', job: 'j', vertex: 'v1', subtask: 1, type: 'off_cpu' };

  /** What Flink answers one time after the other, and what it is asked. */
  function looked(answers: readonly FlameSample[], configuration: FlinkClient['clusterConfiguration'] = async () => new Map()) {
    const clock = new FakeClock();
    const asked: string[] = [];
    const flink = fakeFlink({
      async flameGraph(job, id, { type, subtask }) {
        asked.push(`${job} ${id}/${subtask} ${type}`);
        const times = asked.filter((each) => each !== 'job').length;
        return answers[times - 1] ?? { kind: 'ended' };
      },
      clusterConfiguration: configuration,
      async job() {
        asked.push('job');
        return jobDetail({ vertices: [vertex({ id: 'v1', name: 'Enrich', parallelism: 2 })] });
      },
    });
    const look = (before?: FlameFacts): Promise<FlameFacts> =>
      flameInspection.read(subject, { flink, logs: noLogs, clock, signal, before });
    return { look, clock, asked };
  }

  test('is waited for while Flink samples, and the vertices of the job are read once', async () => {
    const { look, clock, asked } = looked([{ kind: 'sampling' }, { kind: 'sampled', at: 5, frames: enrichFrames }]);
    const first = await look();
    expect(first).toMatchObject({ status: 'sampling', samples: undefined, since: clock.now() });
    await clock.advance(3_000);
    const second = await look(first);
    expect(second).toMatchObject({ status: 'sampled', samples: { at: 5, frames: enrichFrames }, since: clock.now() });
    expect(second.siblings).toEqual([{ id: 'v1', name: 'Enrich', parallelism: 2 }]);
    expect(asked).toEqual(['j v1/1 off_cpu', 'job', 'j v1/1 off_cpu']);
  });

  test('costs nothing for a minute, and stays while Flink takes the next samples', async () => {
    const sampled = (at: number): FlameSample => ({ kind: 'sampled', at, frames: enrichFrames });
    const { look, clock, asked } = looked([sampled(5), sampled(5), sampled(70)]);
    const first = await look();
    await clock.advance(59_000);
    expect(await look(first)).toBe(first);
    expect(asked.length).toBe(2);
    await clock.advance(1_000);
    const waiting = await look(first);
    expect(waiting).toEqual(first);
    expect(await look(waiting)).toMatchObject({ samples: { at: 70 }, since: clock.now() });
  });

  test('costs nothing for as long as rest.flamegraph.refresh-interval of the cluster says', async () => {
    const sampled = (at: number): FlameSample => ({ kind: 'sampled', at, frames: enrichFrames });
    const { look, clock } = looked([sampled(5), sampled(25)], async () => new Map([['rest.flamegraph.refresh-interval', '20 s']]));
    const first = await look();
    await clock.advance(19_000);
    expect(await look(first)).toBe(first);
    await clock.advance(1_000);
    expect(await look(first)).toMatchObject({ samples: { at: 25 } });
  });

  test('is shown although the configuration may not be read', async () => {
    const { look } = looked([{ kind: 'sampled', at: 5, frames: enrichFrames }], async () => {
      throw new Problem('forbidden', 'A proxy refuses it.');
    });
    expect(await look()).toMatchObject({ status: 'sampled', freshMs: 60_000 });
  });

  test('stays when its vertex has ended, or Flink samples no longer', async () => {
    const { look, clock } = looked([{ kind: 'sampled', at: 5, frames: enrichFrames }, { kind: 'ended' }]);
    const first = await look();
    await clock.advance(60_000);
    expect(await look(first)).toMatchObject({ status: 'ended', samples: { at: 5 } });
  });
});

describe('the profile of a process', () => {
  const profile = (over: Partial<Profile>): Profile => ({
    status: 'FINISHED',
    mode: 'CPU',
    startedAt: 1,
    endedAt: 11,
    durationMs: 10_000,
    message: undefined,
    file: 'cpu.html',
    ...over,
  });
  const page = "f(0,0,10,3,'all')\nf(1,0,10,1,'shop/Enrich.map')";

  const look = (listed: readonly Profile[], before?: ProfileFacts, flink: Partial<FlinkClient> = { profileFile: async () => page }) =>
    profileInspection.read(
      { kind: 'profile', process: { kind: 'jobmanager' }, mode: 'cpu' },
      { flink: fakeFlink({ profiles: async () => listed, ...flink }), logs: noLogs, clock: new FakeClock(), signal, before },
    );

  test('is the newest complete one with that mode, and its page is read once', async () => {
    const first = await look([profile({ mode: 'ALLOC', file: 'alloc.html' }), profile({}), profile({ file: 'older.html' })]);
    expect(first).toMatchObject({ shown: { file: 'cpu.html', at: 11 }, running: undefined, failed: undefined });
    expect(first.shown?.frames[1]).toEqual({ level: 1, name: 'shop.Enrich.map', samples: 10 });
    // Nothing but the list is expected.
    expect((await look([profile({})], first, {})).shown).toBe(first.shown);
  });

  test('is shown while the next one is taken, with how far that is', async () => {
    const first = await look([profile({})]);
    const running = profile({ status: 'RUNNING', mode: 'WALL', startedAt: 20, endedAt: undefined, file: undefined });
    const second = await look([running, profile({})], first);
    expect(second).toMatchObject({ shown: first.shown, running: { mode: 'wall', durationMs: 10_000 } });
  });

  test('that failed has its reason, until one is complete', async () => {
    const failed = profile({ status: 'FAILED', message: 'No access to perf events', file: undefined });
    expect(await look([failed])).toMatchObject({ shown: undefined, failed: 'No access to perf events' });
    expect(await look([profile({}), failed])).toMatchObject({ failed: undefined, shown: { file: 'cpu.html' } });
  });
});
