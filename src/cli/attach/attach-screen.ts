import { join } from 'node:path';
import { openHistory } from '../../commands/line/history.ts';
import { shownClock, shownStore } from '../../session/recording/shown-store.ts';
import { createSessionStore } from '../../session/store.ts';
import { runTui } from '../../tui/run.tsx';
import type { Settings } from '../../tui/settings/settings.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import type { AttachRequest } from './attach-request.ts';
import { closeInTime } from './close-in-time.ts';
import type { Destination } from './choose-cluster.ts';
import { earlyTarget } from './early-target.ts';
import { farewell } from './farewell.ts';
import { stateFolder, themeFile } from '../process/folders.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { frontSettings } from './front-settings.ts';
import { writeKeptTheme } from './kept-theme.ts';
import { lifetime } from '../../support/waiting.ts';

/**
 * The attached session as a screen that is shown before anything is connected, followed by the sessions of clusters that the user switches
 * to. Resolves with the exit code.
 */
export async function attachScreen(request: AttachRequest, io: CliIo): Promise<number> {
  const { settings, notice } = await frontSettings(request.front, io);
  await using sandbox = keptSandbox();
  let end = await oneScreen(request, { settings, notice, sandbox: sandbox.start }, io);
  while (end.kind === 'switched')
    end = await oneScreen(end.request, { settings: end.settings, notice: undefined, sandbox: sandbox.start }, io);
  return end.code;
}

interface ScreenPieces {
  readonly settings: Settings;
  readonly notice: string | undefined;
  readonly sandbox: () => Promise<Sandbox>;
}

type ScreenEnd =
  | { readonly kind: 'left'; readonly code: number }
  | { readonly kind: 'switched'; readonly request: AttachRequest; readonly settings: Settings };

/** One cluster on the screen, until the user leaves it; then closes everything and prints the last lines. */
async function oneScreen(request: AttachRequest, { settings, notice, sandbox }: ScreenPieces, io: CliIo): Promise<ScreenEnd> {
  const store = shownStore(createSessionStore(earlyTarget(request)));
  const begun = io.clock.now();
  const { signal, end: leave } = lifetime(io.signal);
  let opening: Promise<AsyncDisposable> | undefined;
  let keeping: Promise<void> = Promise.resolve();
  let current = settings;
  let next: AttachRequest | undefined;
  try {
    const end = await runTui({
      store,
      settings,
      notice,
      streams: { stdin: process.stdin, stdout: process.stdout },
      env: io.env,
      clock: shownClock(io.clock, store),
      signal: io.signal,
      starting: request.sandbox && request.moved === undefined ? 'Starting the sandbox' : 'Connecting',
      history: openHistory(join(stateFolder(io), 'history')),
      keepTheme(name) {
        current = { ...current, theme: name };
        keeping = keeping.then(() => writeKeptTheme(themeFile(io), name));
      },
      async chooseCluster(scope) {
        const { context, namespace } = store.get().target;
        const { kubeconfig } = request.sandbox ? await sandbox() : request.connection;
        const to = await (
          await import('./choose-cluster.ts')
        ).chooseCluster({ ...request.connection, kubeconfig, context, namespace }, scope, current, io);
        if (to !== undefined) next = movedTo(request, to);
        return to !== undefined;
      },
      connect(front) {
        const opened = import('./begin-attachment.ts').then(({ beginAttachment }) =>
          beginAttachment(
            request,
            {
              store: store.live,
              shown: store,
              front,
              mode: 'tui',
              logs: { lines: settings.logLines, keep: settings.keepLogs },
              record: settings.record,
              sandbox,
            },
            io,
            signal,
          ),
        );
        opening = opened;
        return opened;
      },
    });
    for (const line of farewell(request, end, store.live.get(), begun)) io.stdout(`${line}\n`);
    return next === undefined
      ? { kind: 'left', code: end === 'interrupted' ? exitCodes.interrupted : exitCodes.ok }
      : { kind: 'switched', request: next, settings: current };
  } finally {
    leave();
    await keeping;
    await closeInTime(opening, io.clock);
  }
}

/** The same screen for another cluster. */
const movedTo = (request: AttachRequest, { clusterId, ...moved }: Destination): AttachRequest => ({
  ...request,
  clusterId,
  moved,
  mustExist: true,
  connection: { ...request.connection, ...moved },
});

/** The sandbox outlives the sessions that use it. */
function keptSandbox(): AsyncDisposable & { readonly start: () => Promise<Sandbox> } {
  let started: Promise<Sandbox> | undefined;
  return {
    start: () => (started ??= import('../../sandbox/start.ts').then(({ startSandbox }) => startSandbox({ neighbour: true }))),
    async [Symbol.asyncDispose]() {
      // The screen has shown why it did not start.
      await started?.then(
        (sandbox) => sandbox.close(),
        () => undefined,
      );
    },
  };
}
