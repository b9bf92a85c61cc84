import type { Clock } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { silenceProblem } from '../request/failures.ts';
import type { Transport } from '../request/transport.ts';

const PING_MS = 5_000;
/** An answer to a ping may wait behind data that the far side does not take. */
const SILENT_MS = 15_000;
const SILENT_WHILE_SENDING_MS = 60_000;

/** A connection that can ask the far side for a sign of life. */
export interface Pinged {
  readonly isPaused: boolean;
  /** Bytes that the far side did not take yet. */
  readonly pending: number;
  ping(): void;
}

/** Pings until `end` is called; calls `onSilent` when `heard` is not called for 15 s (a minute while the far side does not take what was sent). */
export function watchSilence(
  connection: Pinged,
  transport: Pick<Transport, 'heard' | 'server'>,
  clock: Clock,
  onSilent: (problem: Problem) => void,
): { readonly heard: () => void; readonly end: () => void } {
  const ended = lifetime();
  let heardAt = clock.monotonic();
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(PING_MS, ended.signal);
      const silent = clock.monotonic() - heardAt;
      // What we do not read from cannot be heard.
      if (connection.isPaused) heardAt = clock.monotonic();
      else if (silent >= (connection.pending > 0 ? SILENT_WHILE_SENDING_MS : SILENT_MS))
        return onSilent(silenceProblem(transport.server, silent));
      connection.ping();
    }
  };
  watch().catch(() => {
    // The connection ended: nothing to watch any more.
  });
  return {
    heard() {
      heardAt = clock.monotonic();
      transport.heard();
    },
    end: ended.end,
  };
}
