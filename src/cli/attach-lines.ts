import { runLineMode } from '../console/line-mode.ts';
import { createSessionStore } from '../session/store.ts';
import type { AttachRequest } from './attach-request.ts';
import { beginAttachment } from './begin-attachment.ts';
import { earlyTarget } from './early-target.ts';
import type { CliIo } from './io.ts';
import type { Attachment } from './open-attachment.ts';

/** The attached session line by line: for pipes, `--plain` and screen readers. Resolves with the exit code. */
export async function attachLines(request: AttachRequest, io: CliIo): Promise<number> {
  const store = createSessionStore(earlyTarget(request));
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  let attachment: Attachment | undefined;
  try {
    return await runLineMode({
      store, stdin: io.stdin, stdout: process.stdout, stderr: process.stderr, clock: io.clock, signal: io.signal,
      async open(front) {
        attachment = await beginAttachment(request, { store, front, mode: 'line' }, io, signal);
        return { runner: attachment.runner, logs: attachment.feeds.logs };
      },
    });
  } finally {
    over.abort();
    await attachment?.[Symbol.asyncDispose]();
  }
}
