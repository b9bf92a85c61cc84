import { resolve } from 'node:path';
import { momentOf } from '../../commands/model/moment.ts';
import type { CommandContext, FrontEnd } from '../../commands/model/types.ts';
import { createRunner } from '../../commands/runner.ts';
import { newId } from '../../flink/ids.ts';
import { openKept } from '../../session/recording/kept-recordings.ts';
import { type OpenRecording, openRecording } from '../../session/recording/open-recording.ts';
import { recordingsFolder } from '../../session/recording/places.ts';
import { recordedTimelines } from '../../session/recording/recorded-timeline.ts';
import { ReplayedLogs } from '../../session/recording/replayed-logs.ts';
import { createRewind, replayed, type Rewind } from '../../session/recording/rewind.ts';
import { shownClock, type ShownStore, shownStore } from '../../session/recording/shown-store.ts';
import { createSessionStore } from '../../session/store.ts';
import type { Attached } from '../../tui/run.tsx';
import type { Clock } from '../../support/clock.ts';
import { sentence } from '../../support/problem.ts';
import type { ReplayInvocation } from '../command-line/replay-line.ts';
import { stateFolder } from '../process/folders.ts';
import type { CliIo } from '../process/io.ts';
import { offline } from './offline.ts';

export type ReplayRequest = Omit<ReplayInvocation, 'kind'>;

/** A recording that is open, at a moment. */
export interface Replay extends AsyncDisposable {
  readonly recording: OpenRecording;
  readonly store: ShownStore;
  readonly rewind: Rewind;
  /** That of what is shown: it stands still. */
  readonly clock: Clock;
}

/** Rejects with a `Problem` if it cannot be opened, or has no such moment. */
export async function openReplay({ recording: asked, at }: Pick<ReplayRequest, 'recording' | 'at'>, io: CliIo): Promise<Replay> {
  const { signal } = io;
  await using opening = new AsyncDisposableStack();
  const recording = opening.use(
    asked.kind === 'path'
      ? await openRecording(resolve(io.cwd, asked.path), signal)
      : await openKept({ ...asked, recordings: recordingsFolder(stateFolder(io)), signal }),
  );
  const end = replayed(recording.last, recording.last.recordedAt);
  const store = shownStore(createSessionStore(end.session.target, { from: end.session }));
  store.look(end);
  const rewind = createRewind({ store, folder: recording.folder, clock: io.clock, recorder: undefined, end });
  if (at !== undefined) await rewind.to(momentOf(at, end.at, 'local'), signal);
  const lifetime = opening.move();
  return { recording, store, rewind, clock: shownClock(io.clock, store), [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

/** The commands and the logs of a replay, for a front end. */
export async function attachReplay(
  { recording, store, rewind, clock }: Replay,
  { front, mode }: { readonly front: FrontEnd; readonly mode: CommandContext['mode'] },
  io: CliIo,
  signal: AbortSignal,
): Promise<Attached & AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const { target } = store.get();
  const logs = new ReplayedLogs({
    folder: recording.logs,
    session: store.get,
    clock,
    signal,
    // Whoever waits for lines hears of them as of news of the session.
    changed: () => store.past !== undefined && store.look({ ...store.past, session: { ...store.get(), logs: new Map(store.get().logs) } }),
    report: (problem) => front.print([sentence(problem)], 'warn'),
  });
  const runner = createRunner({
    ...(await offline(target, io.clock, opening)),
    store,
    rewind,
    recorded: (asked) => recordedTimelines(recording.folder, asked),
    logs,
    front,
    refresh: () => {},
    clock,
    newId,
    signal,
    readOnly: true,
    cwd: io.cwd,
    home: io.home,
    env: io.env,
    stateFolder: stateFolder(io),
    sandbox: undefined,
    mode,
  });
  const lifetime = opening.move();
  return {
    runner,
    feeds: { logs, refresh: () => {}, setFocus: () => {}, inspect: () => {} },
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}
