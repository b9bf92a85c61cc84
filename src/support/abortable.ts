/**
 * What `work` resolves with, or an `AbortError` as soon as `signal` aborts. The work itself goes on: for a result that several
 * callers wait for, of whom one may leave.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const leave = () => reject(abortError(signal));
    if (signal.aborted) {
      leave();
      // Nobody is left to hear how it ended.
      work.catch(() => undefined);
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** The reason of an aborted signal as an error that `isAbort` knows. */
export function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === 'AbortError') return reason;
  return new DOMException('This operation was aborted', 'AbortError');
}
