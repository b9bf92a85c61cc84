import type { Clock } from '../../support/clock.ts';
import { within } from '../../support/waiting.ts';

/**
 * A connection that takes longer to close is left to the end of the process: the prompt comes back within half a second. The journal loses
 * nothing, because it is written as soon as there is something to write.
 */
const patienceMs = 400;

/** Closes what was opened, even if it opens only after the user has left. */
export async function closeInTime(opening: Promise<AsyncDisposable> | undefined, clock: Clock): Promise<void> {
  if (opening === undefined) return;
  await within(patienceMs, { clock }, () =>
    opening.then(
      (attachment) => attachment[Symbol.asyncDispose](),
      // The screen has shown why it did not open, if it was still there.
      () => undefined,
    ),
  );
}
