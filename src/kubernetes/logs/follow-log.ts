import { type Backoff, backoff } from '../../support/backoff.ts';
import { isAbort, Problem, toProblem } from '../../support/problem.ts';
import { type Lifetime, lifetime } from '../../support/waiting.ts';
import { containerInstance, defaultContainer, type ContainerInstance } from '../model/container-instance.ts';
import { pause, type StreamContext } from '../watch/list-watch.ts';
import { logCutter, type LogCutter } from './log-lines.ts';
import { type ResumePoint, resumePoint } from './log-resume.ts';
import { stepAfterEnd } from './log-steps.ts';
import { readLog } from './log-request.ts';
import { objectName, objectPath } from '../model/paths.ts';
import { PODS } from '../model/resources.ts';
import { HEALTHY_MS, statusReporter, type StatusReporter } from '../model/stream-status.ts';
import type { KubernetesObject, LogRequest, LogSink } from '../model/types.ts';

/** Between two tries. Fifty streams of a dead node keep retrying; a server that comes back wakes them. */
const LONGEST_PAUSE_MS = 30_000;
/** How often to look at a crashed container until it runs again. */
const LOOK_AGAIN_MS = 2_000;

/** See `KubernetesClient.followLog`. */
export async function followLog(context: StreamContext, request: LogRequest, sink: LogSink, signal: AbortSignal): Promise<void> {
  await new LogFollower(context, request, sink, signal).run();
}

class LogFollower {
  readonly #context: StreamContext;
  readonly #request: LogRequest;
  readonly #sink: LogSink;
  readonly #signal: AbortSignal;
  readonly #follow: boolean;
  readonly #status: StatusReporter;
  readonly #pauses: Backoff;
  readonly #resume: ResumePoint;
  #attempt: Lifetime;
  /** The current stream was abandoned, to be reopened. */
  #reopening = false;
  #container: string | undefined;
  #tailLines: number | undefined;
  #openedAt: number | undefined;
  #everOpened = false;
  /** The run of the container whose log is being read; undefined until the pod has been looked at. */
  #instance: ContainerInstance | undefined;
  #looking: Promise<void> | undefined;
  /** The container had already ended when the stream was opened: once that stream ends, the log is complete. */
  #complete = false;
  #cutter: LogCutter;

  constructor(context: StreamContext, request: LogRequest, sink: LogSink, signal: AbortSignal) {
    this.#context = context;
    this.#request = request;
    this.#sink = sink;
    this.#signal = signal;
    this.#resume = resumePoint((from, to) => sink.missing?.(from, to));
    this.#follow = request.follow !== false && request.previous !== true;
    this.#status = statusReporter(sink.status.bind(sink), context.clock);
    this.#pauses = backoff({ random: context.random, most: LONGEST_PAUSE_MS });
    this.#attempt = lifetime(signal);
    this.#container = request.container;
    this.#tailLines = request.tailLines;
    this.#cutter = logCutter(this.#resume);
  }

  async run(): Promise<void> {
    const release = this.#context.liveness.add({
      overdue: (heardAt, problem) => this.#status.stale(heardAt, problem),
      heard: () => this.#status.heard(),
      reopen: () => {
        this.#reopening = true;
        this.#context.waker.wake();
        this.#attempt.end();
      },
    });
    try {
      this.#status.connecting();
      for (let done = false; !done && !this.#signal.aborted;) done = await this.#isDone();
    } catch (error) {
      // The caller's abort during a wait is the normal end.
      if (!isAbort(error)) throw error;
    } finally {
      release();
    }
  }

  /** One try. True: another one would be useless. */
  async #isDone(): Promise<boolean> {
    const { clock } = this.#context;
    this.#attempt = lifetime(this.#signal);
    const startedAt = clock.monotonic();
    try {
      await this.#read();
      const lived = clock.monotonic() - startedAt;
      if (lived >= HEALTHY_MS) this.#pauses.reset();
      if (!(await this.#isOver(lived))) return false;
      this.#end();
      return true;
    } catch (error) {
      if (this.#signal.aborted) return true;
      if (clock.monotonic() - startedAt >= HEALTHY_MS || this.#reopening) this.#pauses.reset();
      if (!this.#reopening) return !isAbort(error) && (await this.#isHopeless(toProblem(error)));
      this.#reopening = false;
      return false;
    }
  }

  async #read(): Promise<void> {
    let kubeletSays: string | undefined;
    this.#cutter = logCutter(this.#resume, this.#request.since, (text) => (kubeletSays = text));
    await this.#stream({ previous: this.#request.previous === true, follow: this.#follow, signal: this.#attempt.signal }, (second) =>
      this.#opened(second),
    );
    if (kubeletSays !== undefined && this.#follow)
      throw new Problem('unavailable', `The kubelet has no log of pod ${this.#request.pod}: ${kubeletSays}`);
  }

  #stream(
    { previous, follow, signal }: { readonly previous: boolean; readonly follow: boolean; readonly signal: AbortSignal },
    onOpen: (serverSecond: number | undefined) => void,
  ): Promise<void> {
    return readLog(
      this.#context.transport,
      {
        request: this.#request,
        container: this.#container,
        tailLines: this.#tailLines,
        follow,
        previous,
        resume: this.#resume,
        openedAt: this.#openedAt,
        cutter: this.#cutter,
        signal,
      },
      onOpen,
      (lines) => this.#sink.lines(lines),
    );
  }

  #opened(serverSecond: number | undefined): void {
    this.#everOpened = true;
    if (this.#tailLines === 0) this.#openedAt ??= serverSecond;
    this.#status.live();
    if (!this.#follow || this.#instance) return;
    // Looks up which run of the container this is, in time to notice a later one.
    this.#looking ??= this.#look()
      .then((now) => {
        this.#instance ??= now;
      })
      .catch(() => {
        // The user may not see the pod, or the server went away: then a restart looks like a broken stream, which does no other harm.
      });
  }

  /** The container as it is now; undefined if its pod is gone or was replaced by another one of the same name. */
  async #look(): Promise<ContainerInstance | undefined> {
    const address = { resource: PODS, namespace: this.#request.namespace, name: this.#request.pod };
    try {
      const answer = await this.#context.transport.request({
        path: objectPath(address),
        what: `get ${objectName(address)}`,
        signal: this.#signal,
      });
      const pod = JSON.parse(answer.toString('utf8')) as KubernetesObject;
      this.#container ??= defaultContainer(pod);
      const now = containerInstance(pod, this.#container);
      const podUid = this.#instance?.podUid;
      return podUid !== undefined && now.podUid !== podUid ? undefined : now;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  /** After a stream that ended normally. True at the end of the log. */
  async #isOver(lived: number): Promise<boolean> {
    if (!this.#follow) return true;
    await this.#looking;
    for (;;) {
      const now = await this.#look();
      const step = stepAfterEnd(this.#instance, now, this.#complete);
      if (step.kind === 'next-run' && step.missed) await this.#readRestOfPrevious();
      this.#instance = now ?? this.#instance;
      switch (step.kind) {
        case 'over':
          return true;
        case 'next-run':
          this.#beginNextRun(now?.running === true);
          return false;
        case 'running':
          if (lived < HEALTHY_MS) await this.#context.waker.sleep(this.#pauses.next(), this.#signal);
          this.#complete = false;
          return false;
        case 'once-more':
          this.#complete = true;
          return false;
        case 'wait':
          await this.#context.waker.sleep(LOOK_AGAIN_MS, this.#signal);
      }
    }
  }

  /** Read all of the new run, however few lines of the old one were requested. */
  #beginNextRun(running: boolean): void {
    this.#resume.forget();
    this.#openedAt = undefined;
    this.#tailLines = undefined;
    this.#complete = !running;
  }

  /** The rest of the previous run, whose end was not seen. */
  async #readRestOfPrevious(): Promise<void> {
    this.#cutter = logCutter(this.#resume, this.#request.since);
    try {
      await this.#stream({ previous: true, follow: false, signal: this.#signal }, () => undefined);
      this.#sink.lines(this.#cutter.flush());
    } catch (error) {
      // Its log is gone or cannot be read: the new run must not wait for it.
      this.#signal.throwIfAborted();
      if (!(error instanceof Problem)) throw error;
    }
  }

  #end(): void {
    const rest = this.#cutter.flush();
    if (rest.length > 0) this.#sink.lines(rest);
    this.#sink.status({ state: 'ended' });
  }

  /** Decides what to do about a failure: true if it is useless to continue. */
  async #isHopeless(problem: Problem): Promise<boolean> {
    if (problem.kind === 'not-found') return this.#isGone(problem);
    if (problem.kind !== 'invalid') {
      await this.#pause(problem);
      return false;
    }
    if (/a container name must be specified/.test(problem.message) && this.#container === undefined) {
      return (await this.#look()) === undefined && this.#isGone(new Problem('not-found', `Pod ${this.#request.pod} is gone.`));
    }
    if (/is waiting to start/.test(problem.message) && this.#follow) {
      this.#status.connecting();
      await this.#context.waker.sleep(LOOK_AGAIN_MS / 2, this.#signal);
      return false;
    }
    this.#status.denied(problem);
    return true;
  }

  /** A kubelet that has just started does not know its pods yet: the API server decides. */
  async #isGone(problem: Problem): Promise<boolean> {
    const gone = (await this.#look()) === undefined;
    if (!gone) await this.#pause(new Problem('unavailable', `The kubelet has no log of pod ${this.#request.pod} yet.`, { cause: problem }));
    else if (this.#everOpened) this.#end();
    else this.#status.denied(problem);
    return gone;
  }

  #pause(problem: Problem): Promise<void> {
    const { waker, clock } = this.#context;
    return pause(problem, { pauses: this.#pauses.next(), status: this.#status, waker, clock, signal: this.#signal });
  }
}
