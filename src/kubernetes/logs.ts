import { backoff } from '../support/backoff.ts';
import { isAbort, Problem, toProblem } from '../support/problem.ts';
import { lifetime } from '../support/waiting.ts';
import { containerInstance, defaultContainer, type ContainerInstance } from './container-instance.ts';
import { pause, type StreamContext } from './list-watch.ts';
import { logCutter, type LogCutter } from './log-lines.ts';
import { resumePoint } from './log-resume.ts';
import { readLog } from './log-stream.ts';
import { objectName, objectPath } from './paths.ts';
import { PODS } from './resources.ts';
import { statusReporter } from './stream-status.ts';
import type { KubernetesObject, LogRequest, LogSink } from './types.ts';

/** A stream that lived this long was a success, even if it carried nothing. */
const HEALTHY_MS = 3_000;
/** Between two tries. Fifty streams of a node that is gone are tried all the time; a server that comes back wakes them. */
const LONGEST_PAUSE_MS = 30_000;
/** How often a crashed container is looked at until it runs again. */
const LOOK_AGAIN_MS = 2_000;

/** See `KubernetesClient.followLog`. */
export async function followLog(context: StreamContext, request: LogRequest, sink: LogSink, signal: AbortSignal): Promise<void> {
  const { transport, liveness, waker, clock, random } = context;
  const follow = request.follow !== false && request.previous !== true;
  const status = statusReporter(sink.status.bind(sink), clock);
  const pauses = backoff({ random, most: LONGEST_PAUSE_MS });
  const resume = resumePoint();
  let attempt = lifetime(signal);
  let reopening = false;
  let container = request.container;
  let tailLines = request.tailLines;
  let openedAt: number | undefined;
  let everOpened = false;
  /** What the log that we read is of; undefined until the pod was looked at. */
  let instance: ContainerInstance | undefined;
  let looking: Promise<void> | undefined;
  /** The stream was opened when its container had ended already: what it brings to its end is all there is. */
  let complete = false;
  let cutter: LogCutter = logCutter(resume);
  let kubeletSays: string | undefined;

  const emit = sink.lines.bind(sink);
  const address = { resource: PODS, namespace: request.namespace, name: request.pod };

  /** The container as it is now; undefined when its pod is gone or was replaced by another of the same name. */
  const look = async (): Promise<ContainerInstance | undefined> => {
    try {
      const answer = await transport.request({ path: objectPath(address), what: `get ${objectName(address)}`, signal });
      const pod = JSON.parse(answer.toString('utf8')) as KubernetesObject;
      container ??= defaultContainer(pod);
      const now = containerInstance(pod, container);
      return instance?.podUid !== undefined && now.podUid !== instance.podUid ? undefined : now;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not-found') return undefined;
      throw error;
    }
  };

  const read = async (previous: boolean): Promise<void> => {
    kubeletSays = undefined;
    cutter = logCutter(resume, request.since, (text) => (kubeletSays = text));
    const onOpen = (serverSecond: number | undefined): void => {
      everOpened = true;
      if (tailLines === 0) openedAt ??= serverSecond;
      status.live();
      // Which run of the container this is: known in time to notice later that another one began.
      if (follow && !instance) {
        looking ??= look().then((now) => {
          instance ??= now;
        }).catch(() => {
          // Not allowed to see the pod, or the server went away: a restart cannot be told from a broken stream then, nothing else.
        });
      }
    };
    await readLog(transport, {
      request, container, tailLines, follow, previous, resume, openedAt, cutter, signal: attempt.signal,
    }, onOpen, emit);
    if (kubeletSays !== undefined && follow) throw new Problem('unavailable', `The kubelet has no log of pod ${request.pod}: ${kubeletSays}`);
  };

  /** The rest of the run before this one, of which the end was not seen. */
  const readRestOfPrevious = async (): Promise<void> => {
    try {
      await readLog(transport, { request, container, tailLines, follow: false, previous: true, resume, openedAt, cutter: (cutter = logCutter(resume, request.since)), signal }, () => {}, emit);
      emit(cutter.flush());
    } catch (error) {
      // Its log is gone, or cannot be had: the new run must not wait for it.
      signal.throwIfAborted();
      if (!(error instanceof Problem)) throw error;
    }
  };

  const end = (): void => {
    const rest = cutter.flush();
    if (rest.length > 0) emit(rest);
    sink.status({ state: 'ended' });
  };

  /** After a stream that ended in good order. True when the log is at its end. */
  const isOver = async (lived: number): Promise<boolean> => {
    if (!follow) return true;
    await looking;
    let now = await look();
    while (now) {
      if (instance?.id !== undefined && now.id !== instance.id) {
        if (!complete && now.restarts === instance.restarts + 1) await readRestOfPrevious();
        // Of the new run everything is wanted, however few lines of the old one were.
        resume.forget();
        openedAt = undefined;
        tailLines = undefined;
        instance = now;
        complete = !now.running;
        return false;
      }
      instance = now;
      if (now.running) {
        if (lived < HEALTHY_MS) await waker.sleep(pauses.next(), signal);
        complete = false;
        return false;
      }
      if (!complete) {
        // It ended while we read: once more, to be sure of its last lines.
        complete = true;
        return false;
      }
      if (now.final) return true;
      await waker.sleep(LOOK_AGAIN_MS, signal);
      now = await look();
    }
    return true;
  };

  /** What to do about a failure: true when there is no use in going on. */
  const isHopeless = async (problem: Problem): Promise<boolean> => {
    if (problem.kind === 'not-found') {
      // A kubelet that was just started does not know its pods yet: the API server has the last word.
      const gone = (await look()) === undefined;
      if (!gone) await pause(new Problem('unavailable', `The kubelet has no log of pod ${request.pod} yet.`, { cause: problem }), { pauses: pauses.next(), status, waker, clock, signal });
      else if (everOpened) end();
      else status.denied(problem);
      return gone;
    }
    if (problem.kind === 'invalid') {
      if (/a container name must be specified/.test(problem.message) && container === undefined) {
        if (!(await look())) return isHopeless(new Problem('not-found', `Pod ${request.pod} is gone.`));
        return false;
      }
      if (/is waiting to start/.test(problem.message) && follow) {
        status.connecting();
        await waker.sleep(LOOK_AGAIN_MS / 2, signal);
        return false;
      }
      status.denied(problem);
      return true;
    }
    await pause(problem, { pauses: pauses.next(), status, waker, clock, signal });
    return false;
  };

  const release = liveness.add({
    overdue: (heardAt, problem) => status.stale(heardAt, problem),
    heard: () => status.heard(),
    reopen() {
      reopening = true;
      waker.wake();
      attempt.end();
    },
  });
  try {
    status.connecting();
    while (!signal.aborted) {
      attempt = lifetime(signal);
      const startedAt = clock.monotonic();
      try {
        await read(request.previous === true);
        const lived = clock.monotonic() - startedAt;
        if (lived >= HEALTHY_MS) pauses.reset();
        if (await isOver(lived)) return end();
      } catch (error) {
        if (signal.aborted) return;
        if (clock.monotonic() - startedAt >= HEALTHY_MS || reopening) pauses.reset();
        if (reopening) reopening = false;
        else if (isAbort(error)) continue;
        else if (await isHopeless(toProblem(error))) return;
      }
    }
  } catch (error) {
    // The caller's abort while waiting is the normal end.
    if (!isAbort(error)) throw error;
  } finally {
    release();
  }
}
