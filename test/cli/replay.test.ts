import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { attachReplay, openReplay, type Replay } from '../../src/cli/replay/open-replay.ts';
import type { CliIo } from '../../src/cli/process/io.ts';
import { timelineEntry } from '../../src/session/draft.ts';
import { recordingsFolder } from '../../src/session/recording/places.ts';
import { Recorder } from '../../src/session/recording/recorder.ts';
import { createSessionStore } from '../../src/session/store.ts';
import { runProgram, type Ended } from '../goldens/run-program.ts';
import { FakeClock, start as T } from '../support/fake-clock.ts';
import { testFront, type TestFront } from '../support/fakes.ts';
import { type Change, jobSeen, listed, podOf, target } from '../session/build.ts';

let home: string;
const clock = new FakeClock();
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'drey-replay-test-'));
  await record(listed([podOf('taskmanager-1-1')]), jobSeen([{ id: 'a'.repeat(32), name: 'orders' }]));
});
/** Records a session in which that happens. */
async function record(...changes: readonly Change[]): Promise<void> {
  const store = createSessionStore(target);
  const folder = recordingsFolder(join(home, '.local/state/drey'));
  await using _ = new Recorder({ store, folder, cluster: target, clock, report: () => {} });
  store.tell(changes);
}

const toldOf = (text: string, ago: number): Change => ({
  kind: 'timeline',
  at: T,
  line: timelineEntry(T - ago, 'k8s', 'warn', undefined, text),
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const drey = (words: readonly string[]): Promise<Ended> => runProgram('drey', words, { env: {}, cwd: home, home });

test.each([
  [['replay'], 2, /^replay needs FILE or --cluster\./],
  [['replay', 'a.zip', '--cluster', 'b'], 2, /^replay takes either a file or --cluster, not both\./],
  [['replay', 'a.zip', '-n', 'b'], 2, /^replay takes either a file or -n, not both\./],
  [['replay', 'a.zip', '--port', '80'], 2, /^--port is for replay --serve\./],
  [['replay', 'a.zip'], 1, /^There is no .*a\.zip\./],
  [['replay', '--cluster', 'none'], 1, /^No recording of none is kept on this machine\. Recorded here: /],
  [['replay', '--cluster', target.clusterId, '--at', 'noon'], 2, /^"noon" is not a time\./],
  [
    ['replay', '--cluster', target.clusterId, '--at', '2001-01-01'],
    1,
    /^Nothing of this cluster was recorded before .* The recording begins at /,
  ],
])('drey %j ends with %i and a sentence', async (words, code, sentence) => {
  const ended = await drey(words);
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(sentence) });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
});

test('a file that is not a bundle ends with 1 and a sentence', async () => {
  writeFileSync(join(home, 'a.zip'), 'something else');
  expect(await drey(['replay', 'a.zip'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/a\.zip is not a bundle: /) });
});

test('Tab offers what was recorded here, and files', async () => {
  expect((await drey(['__complete', 'replay', '--cluster', ''])).stdout).toMatch(new RegExp(`^${target.clusterId}\\t`));
  expect((await drey(['__complete', 'replay', ''])).stdout).toBe(':0\n');
});

/** Runs a line of a replay that begins at the end of the recording. */
async function replaying(use: (run: (line: string) => Promise<unknown>, front: TestFront, replay: Replay) => Promise<void>): Promise<void> {
  const io = { env: {}, cwd: home, home, clock, signal: new AbortController().signal } as unknown as CliIo;
  await using replay = await openReplay(
    { recording: { kind: 'kept', clusterId: target.clusterId, namespace: undefined }, at: undefined },
    io,
  );
  const front = testFront();
  await using attached = await attachReplay(replay, { front, mode: 'line' }, io, io.signal);
  await use(
    async (line) => {
      const plan = await attached.runner.plan(line, { confirmed: true });
      return plan.kind === 'run' ? attached.runner.run(plan) : plan;
    },
    front,
    replay,
  );
}

test('commands look at the recording, change nothing, and ask no cluster', async () => {
  await replaying(async (run, _, replay) => {
    expect(await run('cancel orders')).toMatchObject({ kind: 'refused', reason: 'This is a recording: nothing can be changed in it.' });
    expect(await run('yaml taskmanager-1-1')).toMatchObject({
      problem: { message: 'This was not recorded, and a recording has no cluster that could be asked.' },
    });
    expect(await run('live')).toEqual({ kind: 'done' });
    expect([replay.clock.now(), replay.store.get().past]).toEqual([T, T]);
  });
});

test('timeline with a time tells what all sessions of the recording saw, each thing once', async () => {
  await record(toldOf('first seen', 2_000), toldOf('seen by both', 1_000));
  await record(toldOf('seen by both', 1_000), toldOf('seen last', 0));
  await replaying(async (run, front) => {
    expect(await run('timeline --since 1h --grep seen')).toEqual({ kind: 'done' });
    expect(front.views).toMatchObject([{ data: [{ text: 'first seen' }, { text: 'seen by both' }, { text: 'seen last' }] }]);
  });
});
