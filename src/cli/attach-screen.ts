import { join } from 'node:path';
import { openHistory } from '../commands/history.ts';
import { createSessionStore } from '../session/store.ts';
import { runTui } from '../tui/run.tsx';
import { loadSettings, type Settings } from '../tui/settings.ts';
import type { AttachRequest } from './attach-request.ts';
import { earlyTarget, farewell } from './early-target.ts';
import type { FrontOptions } from './connection-options.ts';
import { settingsFile, stateFolder } from './folders.ts';
import { type CliIo, exitCodes } from './io.ts';

/** The attached session as a screen, which is there before anything is connected. Resolves with the exit code. */
export async function attachScreen(request: AttachRequest, io: CliIo): Promise<number> {
  const { settings, notice } = await frontSettings(request.front, io);
  const store = createSessionStore(earlyTarget(request));
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  let attachment: AsyncDisposable | undefined;
  try {
    const end = await runTui({
      store, settings, notice, streams: { stdin: process.stdin, stdout: process.stdout }, env: io.env, clock: io.clock, signal: io.signal,
      starting: request.sandbox ? 'Starting the sandbox' : 'Connecting',
      history: openHistory(join(stateFolder(io), 'history')),
      async connect(front) {
        const { beginAttachment } = await import('./begin-attachment.ts');
        const opened = await beginAttachment(request, { store, front, mode: 'tui', logLines: settings.logLines }, io, signal);
        attachment = opened;
        return opened;
      },
    });
    if (end === 'stopped') io.stdout(`Stopped ${store.get().target.clusterId}. Nothing of it is left but what high availability keeps.\n`);
    else io.stdout(farewell(request, store.get()));
    return end === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
  } finally {
    over.abort();
    await attachment?.[Symbol.asyncDispose]();
  }
}

/** The settings file, with what the command line says on top. */
export async function frontSettings(front: FrontOptions, io: CliIo): Promise<{ readonly settings: Settings; readonly notice: string | undefined }> {
  const { settings, problem } = await loadSettings(settingsFile(io));
  const { theme, ascii, motion } = front;
  return {
    settings: { ...settings, ...(theme === undefined ? {} : { theme }), ...(ascii === undefined ? {} : { ascii }), ...(motion === undefined ? {} : { motion }) },
    notice: problem,
  };
}
