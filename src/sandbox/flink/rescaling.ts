import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { Settings } from './settings.ts';
import type { VertexRun } from './tasks.ts';

/** How far the parallelism of a vertex may go. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

export type RescaleTrigger = 'INITIAL_SCHEDULE' | 'UPDATE_REQUIREMENT' | 'NEW_RESOURCE_AVAILABLE' | 'RECOVERABLE_FAILOVER';
type RescaleReason =
  | 'SUCCEEDED'
  | 'RESOURCE_REQUIREMENTS_UPDATED'
  | 'NO_RESOURCES_OR_PARALLELISMS_CHANGE'
  | 'JOB_FAILOVER_RESTARTING'
  | 'JOB_CANCELED';

/** How it ended; a rescale that is under way has no end. */
export interface RescaleEnd {
  readonly at: number;
  readonly state: 'COMPLETED' | 'IGNORED';
  readonly reason: RescaleReason;
}

/** Parallelism of each vertex, in the order of the graph. */
type Parallelism = readonly number[];

export interface RescaleEntry {
  readonly id: string;
  readonly requirements: string;
  readonly trigger: RescaleTrigger;
  readonly startedAt: number;
  readonly before: Parallelism;
  readonly wanted: readonly Bounds[];
  readonly after: Parallelism;
  /** When the job left its old tasks; undefined: it did not. */
  readonly restartedAt: number | undefined;
  readonly end: RescaleEnd | undefined;
}

/** What the adaptive scheduler needs of the cluster that its job runs on. */
export interface RescaleHost {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly times: RescaleTimes;
  /** The slots that the job has or could have. */
  slots(): number;
  /** Wants so many slots in all; TaskManagers are started for those that are missing. */
  wish(slots: number): void;
}

/** Milliseconds, and how many rescales are remembered. */
export interface RescaleTimes {
  readonly cooldown: number;
  readonly stabilization: number;
  readonly history: number;
}

/** The part of a job that rescaling needs. */
export interface RescaledJob {
  readonly vertices: readonly VertexRun[];
  readonly status: string;
  readonly ended: boolean;
  rescaleTo(parallelism: Parallelism): void;
}

export const rescaleTimes = (settings: Settings): RescaleTimes => ({
  cooldown: settings.duration('jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling', 30_000),
  stabilization: settings.duration('jobmanager.adaptive-scheduler.executing.resource-stabilization-timeout', 60_000),
  history: settings.number('web.adaptive-scheduler.rescale-history.size', 0),
});

/** How often the scheduler looks whether it can do what is wanted; milliseconds. */
const LOOK = 250;

/** Changes the parallelism of one job as the adaptive scheduler does: after a rest, when the slots are there, or with those that came. */
export class Rescaling {
  /** Newest first. */
  history: readonly RescaleEntry[] = [];
  bounds: readonly Bounds[];
  readonly #host: RescaleHost;
  readonly #job: RescaledJob;
  #requirements: string;
  /** The time after a (re)start in which nothing is changed is over. */
  #rested = true;
  /** No more slots are waited for. */
  #settled = false;
  /** The slots with which nothing could be done. */
  #tried = 0;
  #stop = (): void => {};
  /** Counts restarts: the rest that began before the last of them does not end. */
  #round = 0;

  constructor(host: RescaleHost, job: RescaledJob) {
    this.#host = host;
    this.#job = job;
    this.#requirements = host.random.hex(32);
    this.bounds = job.vertices.map(({ graph, tasks }) => ({ lower: 1, upper: graph.single === true ? 1 : tasks.length }));
  }

  get times(): RescaleTimes {
    return this.#host.times;
  }

  /** All tasks of the job run, since then. */
  running(trigger: RescaleTrigger, at: number): void {
    const open = this.history.find(({ end }) => end === undefined);
    const now = this.#parallelism();
    if (open === undefined) {
      const entry = this.#entry(trigger, at);
      this.#put({ ...entry, after: now, restartedAt: at, end: { at: at + 1, state: 'COMPLETED', reason: 'SUCCEEDED' } });
    } else if (open.restartedAt !== undefined) this.#close(open, { at, state: 'COMPLETED', reason: 'SUCCEEDED' });
    this.#rested = false;
    const round = ++this.#round;
    const { clock } = this.#host;
    clock.after(Math.max(0, this.times.cooldown - (clock.now() - at)), () => {
      if (round === this.#round) this.#rested = true;
    });
  }

  /** The job restarts because it failed: a rescale that was under way is over. */
  interrupted(reason: RescaleReason): void {
    const open = this.history.find(({ end }) => end === undefined);
    if (open !== undefined) this.#close(open, { at: this.#host.clock.now(), state: 'IGNORED', reason });
  }

  update(bounds: readonly Bounds[]): void {
    const { clock, random } = this.#host;
    this.interrupted('RESOURCE_REQUIREMENTS_UPDATED');
    this.bounds = bounds;
    const requirements = random.hex(32);
    this.#requirements = requirements;
    this.#put(this.#entry('UPDATE_REQUIREMENT', clock.now()));
    this.#host.wish(Math.max(...bounds.map(({ upper }) => upper)));
    this.#tried = 0;
    this.#settled = false;
    clock.after(this.times.stabilization, () => {
      if (this.#requirements === requirements) this.#settled = true;
    });
    this.#stop();
    this.#stop = clock.every(LOOK, () => this.#look());
  }

  #look(): void {
    if (this.#job.ended) return this.#over();
    if (this.#job.status !== 'RUNNING' || this.#job.vertices.some(({ tasks }) => tasks.some(({ state }) => state !== 'RUNNING'))) return;
    const slots = this.#host.slots();
    const wanted = Math.max(...this.bounds.map(({ upper }) => upper));
    if (!this.#rested || slots === this.#tried || (slots < wanted && !this.#settled)) return;
    this.#tried = slots;
    const reached = this.bounds.map(({ upper }) => Math.min(upper, slots));
    const now = this.#parallelism();
    const enough = reached.every((tasks, index) => tasks >= (this.bounds[index]?.lower ?? 1));
    const open = this.history.find(({ end }) => end === undefined);
    if (!enough || reached.every((tasks, index) => tasks === now[index])) {
      if (open !== undefined)
        this.#close(open, { at: this.#host.clock.now(), state: 'IGNORED', reason: 'NO_RESOURCES_OR_PARALLELISMS_CHANGE' });
    } else {
      const at = this.#host.clock.now();
      this.#put({ ...(open ?? this.#entry('NEW_RESOURCE_AVAILABLE', at)), restartedAt: at });
      this.#job.rescaleTo(reached);
    }
    if (slots >= wanted) this.#done();
  }

  #over(): void {
    this.interrupted('JOB_CANCELED');
    this.#done();
  }

  #done(): void {
    this.#host.wish(0);
    this.#stop();
  }

  #parallelism(): Parallelism {
    return this.#job.vertices.map(({ tasks }) => tasks.length);
  }

  #entry(trigger: RescaleTrigger, at: number): RescaleEntry {
    const now = this.#parallelism();
    return {
      id: this.#host.random.hex(32),
      requirements: this.#requirements,
      trigger,
      startedAt: at,
      before: trigger === 'INITIAL_SCHEDULE' ? now.map(() => 0) : now,
      wanted: this.bounds,
      after: now,
      restartedAt: undefined,
      end: undefined,
    };
  }

  #close(entry: RescaleEntry, end: RescaleEnd): void {
    this.#put({ ...entry, after: this.#parallelism(), end });
  }

  #put(entry: RescaleEntry): void {
    const known = this.history.some(({ id }) => id === entry.id);
    this.history = known
      ? this.history.map((one) => (one.id === entry.id ? entry : one))
      : [entry, ...this.history].slice(0, Math.max(1, this.times.history));
  }
}
