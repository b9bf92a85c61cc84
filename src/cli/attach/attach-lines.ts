import { runLineMode } from '../../console/line-mode.ts';
import { createSessionStore } from '../../session/store.ts';
import type { Session } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { lifetime } from '../../support/waiting.ts';
import { canAsk } from '../process/ask.ts';
import type { AttachRequest } from './attach-request.ts';
import { beginAttachment } from './begin-attachment.ts';
import { earlyTarget } from './early-target.ts';
import { farewell, openLines } from './farewell.ts';
import { frontSettings } from './front-settings.ts';
import type { CliIo } from '../process/io.ts';
import type { Attachment } from './open-attachment.ts';

/** The attached session in lines: for pipes, `--plain` and screen readers. Resolves with the exit code. */
export async function attachLines(request: AttachRequest, io: CliIo): Promise<number> {
  const store = createSessionStore(earlyTarget(request));
  const begun = io.clock.now();
  const { settings, notice } = await frontSettings(request.front, io);
  if (notice !== undefined) io.stderr(`${notice}\n`);
  const { signal, end: leave } = lifetime(io.signal);
  let attachment: Attachment | undefined;
  try {
    const code = await runLineMode({
      store,
      stdin: io.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      clock: io.clock,
      signal: io.signal,
      async open(front) {
        attachment = await beginAttachment(
          request,
          { store, front, mode: 'line', logs: { lines: settings.logLines, keep: settings.keepLogs } },
          io,
          signal,
        );
        return { runner: attachment.runner, logs: attachment.feeds.logs };
      },
    });
    sayGoodbye(request, store.get(), begun, io);
    return code;
  } finally {
    leave();
    await attachment?.[Symbol.asyncDispose]();
  }
}

/** On a terminal, the same as at the end of a screen. A script has read all results, so it only needs the operations without one. */
function sayGoodbye(request: AttachRequest, session: Session, begun: Instant, io: CliIo): void {
  const stopped = session.operations.some(
    ({ kind, state, endedAt }) => kind === 'stop' && state === 'succeeded' && (endedAt ?? 0) >= begun,
  );
  if (canAsk(io)) for (const line of farewell(request, stopped ? 'stopped' : 'quit', session, begun)) io.stdout(`${line}\n`);
  else for (const line of openLines(session)) io.stderr(`${line}\n`);
}
