import { join } from 'node:path';
import { openHistory } from '../../commands/line/history.ts';
import { runLineMode } from '../../console/line-mode.ts';
import { runTui } from '../../tui/run.tsx';
import { lifetime } from '../../support/waiting.ts';
import { frontSettings } from '../attach/front-settings.ts';
import { stateFolder } from '../process/folders.ts';
import { type CliIo, exitCodes, takesScreen } from '../process/io.ts';
import { attachReplay, openReplay, type Replay, type ReplayRequest } from './open-replay.ts';

/** `drey replay`: the screen on a terminal, otherwise lines. Resolves with the exit code. */
export async function replay(request: ReplayRequest, io: CliIo): Promise<number> {
  await using opened = await openReplay(request, io);
  if (request.serve !== undefined) return await (await import('./serve.ts')).serve(request, request.serve, opened, io);
  // What was unpacked is needed until the end.
  return await (takesScreen(io, request.front.plain) ? replayScreen(request, opened, io) : replayLines(opened, io));
}

async function replayScreen({ front: looks }: ReplayRequest, opened: Replay, io: CliIo): Promise<number> {
  const { store, clock } = opened;
  const { settings, notice } = await frontSettings(looks, io);
  const { signal, end: leave } = lifetime(io.signal);
  await using closing = new AsyncDisposableStack();
  try {
    const end = await runTui({
      store,
      settings,
      notice,
      streams: { stdin: process.stdin, stdout: process.stdout },
      env: io.env,
      clock,
      signal: io.signal,
      starting: 'Opening the recording',
      history: openHistory(join(stateFolder(io), 'history')),
      connect: async (front) => closing.use(await attachReplay(opened, { front, mode: 'tui' }, io, signal)),
    });
    io.stdout(`Closed the recording of ${store.get().target.clusterId}.\n`);
    return end === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
  } finally {
    leave();
  }
}

async function replayLines(opened: Replay, io: CliIo): Promise<number> {
  const { store, clock } = opened;
  const { signal, end: leave } = lifetime(io.signal);
  await using closing = new AsyncDisposableStack();
  try {
    return await runLineMode({
      store,
      stdin: io.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      clock,
      signal: io.signal,
      open: async (front) => {
        const { runner, feeds } = closing.use(await attachReplay(opened, { front, mode: 'line' }, io, signal));
        return { runner, logs: feeds.logs };
      },
    });
  } finally {
    leave();
  }
}
