import type { SandboxClock } from './clock.ts';

export interface Cuttable {
  cut(): void;
}

/** An open log stream, as far as the log faults affect it. */
export interface LogStream {
  /** Ends it as if the log were over. */
  finish(): void;
  /** Cuts the connection; with `midLine`, after half a line. */
  reset(midLine: boolean): void;
}

interface Counted {
  /** How many times are left; Infinity if it ends after a while. */
  left: number;
  readonly path: string;
}

interface Answer extends Counted {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

interface Shape extends Counted {
  readonly status: number;
  readonly body: string;
}

export type WorkersRefused = 'forbidden' | 'quota';

/** Faults that can end after a while. */
type Passing = 'pause' | 'answer' | 'api-delay' | 'election' | 'rest-delay';

export type LostAnswer = 'upload' | 'run' | 'trigger';

/** The state of all faults. Everything that serves requests looks here first. */
export class Faults {
  readonly streams = new Set<Cuttable>();
  readonly forwards = new Set<Cuttable>();
  readonly logs = new Set<LogStream>();
  readonly watches = new Set<() => void>();
  bookmarks = true;
  logsRepeat = 0;
  forwardMode: 'work' | 'stall' | 'refuse' | 'gateway' = 'work';
  paused = false;
  apiDelay = 0;
  restDelay: { readonly ms: number; readonly path: string } | undefined;
  election = false;
  /** The node takes no more pods. */
  nodeFull = false;
  /** The cause that each starting JobManager dies of, as its log names it. */
  jobManagerDies: string | undefined;
  /** Flink may not create TaskManager pods, and why. */
  workersRefused: WorkersRefused | undefined;
  /** Savepoints and checkpoints do not complete. */
  checkpointsStuck = false;
  /** Savepoints and checkpoints fail, for this reason. */
  checkpointsFail: string | undefined;
  /** Flame graphs and profilers are switched off, as they are unless somebody has switched them on. */
  samplingOff = false;
  /** The adaptive scheduler runs the jobs of every cluster. */
  adaptive = false;
  /** Each TaskManager has two threads that wait for each other. */
  deadlocked = false;
  readonly #clock: SandboxClock;
  #answer: Answer | undefined;
  #shape: Shape | undefined;
  #cut: Counted | undefined;
  readonly #lost = new Map<LostAnswer, number>();
  #stopCutting = (): void => {};
  /** Cancels the end of faults that end by themselves. */
  readonly #ends = new Map<Passing, () => void>();
  readonly #resumed = new Set<() => void>();
  #pauseListener: (paused: boolean) => void = () => {};

  constructor(clock: SandboxClock) {
    this.#clock = clock;
  }

  /** Puts something into a set of open things; the answer takes it out. */
  opened<T>(set: Set<T>, one: T): () => void {
    set.add(one);
    return () => set.delete(one);
  }

  cutStreams(): void {
    for (const stream of [...this.streams]) stream.cut();
  }

  cutEvery(ms: number): void {
    this.#stopCutting();
    this.#stopCutting = ms > 0 ? this.#clock.every(ms, () => this.cutStreams()) : () => {};
  }

  /** Switches a fault on, and off again after `ms`, unless everything is healed or the same fault is switched on again before that. */
  during(fault: Passing, ms: number | undefined, on: () => void, off: () => void): void {
    this.#ends.get(fault)?.();
    this.#ends.delete(fault);
    on();
    if (ms !== undefined) this.#ends.set(fault, this.#clock.after(ms, off));
  }

  pause(ms: number): void {
    this.during(
      'pause',
      ms,
      () => {
        this.paused = true;
        this.#pauseListener(true);
      },
      () => this.resume(),
    );
  }

  onPause(listener: (paused: boolean) => void): void {
    this.#pauseListener = listener;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.#pauseListener(false);
    for (const wake of [...this.#resumed]) wake();
    this.#resumed.clear();
  }

  /** Resolves at once, or when the pause ends. */
  unpaused(): Promise<void> {
    return this.paused ? new Promise((resolve) => this.#resumed.add(resolve)) : Promise.resolve();
  }

  answerWith(
    status: number,
    {
      times,
      forMs,
      path = '',
      retryAfterSeconds,
    }: { readonly times?: number; readonly forMs?: number; readonly path?: string; readonly retryAfterSeconds?: number },
  ): void {
    const answer: Answer = { status, left: times ?? (forMs === undefined ? 1 : Infinity), path, retryAfterSeconds };
    this.during(
      'answer',
      forMs,
      () => void (this.#answer = answer),
      () => void (this.#answer = undefined),
    );
  }

  /** The status to answer a request for `path` with; undefined: none. */
  answerFor(path: string): Answer | undefined {
    return take(this.#answer, path);
  }

  shapeAs(body: string, status: number, times: number, path: string): void {
    this.#shape = { body, status, left: times, path };
  }

  shapeFor(path: string): Shape | undefined {
    return take(this.#shape, path);
  }

  cutRest(times: number, path: string): void {
    this.#cut = { left: times, path };
  }

  cutsRest(path: string): boolean {
    return take(this.#cut, path) !== undefined;
  }

  loseAnswer(of: LostAnswer, times: number): void {
    this.#lost.set(of, times);
  }

  losesAnswer(of: LostAnswer): boolean {
    const left = this.#lost.get(of) ?? 0;
    this.#lost.set(of, Math.max(0, left - 1));
    return left > 0;
  }

  heal(): void {
    for (const cancel of this.#ends.values()) cancel();
    this.#ends.clear();
    this.cutEvery(0);
    this.resume();
    this.bookmarks = true;
    this.logsRepeat = 0;
    this.forwardMode = 'work';
    this.apiDelay = 0;
    this.restDelay = undefined;
    this.election = false;
    this.nodeFull = false;
    this.jobManagerDies = undefined;
    this.workersRefused = undefined;
    this.checkpointsStuck = false;
    this.checkpointsFail = undefined;
    this.samplingOff = false;
    this.deadlocked = false;
    this.adaptive = false;
    this.#answer = undefined;
    this.#shape = undefined;
    this.#cut = undefined;
    this.#lost.clear();
  }
}

function take<T extends Counted>(fault: T | undefined, path: string): T | undefined {
  if (fault === undefined || fault.left <= 0 || !path.includes(fault.path)) return undefined;
  fault.left -= 1;
  return fault;
}
