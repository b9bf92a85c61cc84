import { checkpointCoordinator, type CheckpointCoordinator, type CheckpointHost } from './checkpoint-coordinator.ts';
import { CheckpointBook } from './checkpoints.ts';
import { programFailures, type Failure } from './failures.ts';
import { failureEntry, lastEntry, type TaskPlace } from './job-failures.ts';
import { hasEnded, type JobFailure, type JobRequest, type JobStatus } from './job-types.ts';
import { LOGGERS, type FlinkLog } from './log-format.ts';
import { Rescaling, type RescaleHost, type RescaleTrigger } from './rescaling.ts';
import { attemptAgain, isEnded, taskName, verticesOf, type Slot, type Task, type TaskState, type VertexRun } from './tasks.ts';

/** What a job needs of the cluster that it runs on. */
export interface JobHost extends CheckpointHost {
  /** Whether jobs are scheduled by the adaptive scheduler, and what it needs. */
  adaptive(): boolean;
  rescaling(job: FlinkJob): RescaleHost;
  taskManagerLog(name: string): FlinkLog | undefined;
  /** Asks for slots; the host answers with `job.slotsGranted` when there are enough. */
  acquire(job: FlinkJob, slots: number): void;
  release(job: FlinkJob): void;
}

/** A job from submission to its end, with the log lines that a real JobMaster writes on the way. */
export class FlinkJob {
  readonly id: string;
  readonly request: JobRequest;
  vertices: readonly VertexRun[];
  readonly startTime: number;
  readonly stamps = new Map<JobStatus, number>();
  readonly checkpoints: CheckpointBook;
  readonly coordinator: CheckpointCoordinator;
  readonly rescaling: Rescaling;
  status: JobStatus = 'INITIALIZING';
  endTime = -1;
  lastModification: number;
  restarts = 0;
  rescales = 0;
  restartsLeft: number;
  /** Newest first, as the REST API lists them. */
  failures: readonly JobFailure[] = [];
  readonly #host: JobHost;
  readonly #graphId: string;
  /** Counts the phases of its life: a step that was planned in an earlier phase does nothing. */
  #phase = 0;

  constructor(host: JobHost, request: JobRequest, at: number) {
    this.id = request.id;
    this.request = request;
    this.#host = host;
    this.#graphId = host.random.hex(32);
    this.vertices = verticesOf(request.graph, request.parallelism);
    this.checkpoints = new CheckpointBook(host.checkpointsKept);
    this.coordinator = checkpointCoordinator(host, this);
    this.rescaling = new Rescaling(host.rescaling(this), this);
    this.startTime = at;
    this.restartsLeft = request.graph.restarts;
    this.lastModification = at;
    this.stamps.set('INITIALIZING', at);
    if (request.restoredFrom !== undefined) this.checkpoints.restore({ ...request.restoredFrom, at, isSavepoint: true });
  }

  get name(): string {
    return this.request.configuration['pipeline.name'] ?? this.request.graph.name;
  }

  get ended(): boolean {
    return hasEnded(this.status);
  }

  /** A batch job is not scheduled by the scheduler that changes a parallelism. */
  get adaptive(): boolean {
    return this.#host.adaptive() && this.request.graph.type === 'STREAMING';
  }

  get tasks(): readonly Task[] {
    return this.vertices.flatMap((vertex) => vertex.tasks);
  }

  /** The slots that it needs: subtasks of different vertices share them. */
  get slotsWanted(): number {
    return Math.max(...this.vertices.map((vertex) => vertex.tasks.length));
  }

  /** `<graph>_<vertex>_<subtask>_<attempt>`, as logs name it. */
  executionId(vertex: VertexRun, task: Task): string {
    return `${this.#graphId}_${vertex.id}_${task.subtask}_${task.attempt}`;
  }

  start(): void {
    const { log, clock } = this.#host;
    const named = `'${this.name}' (${this.id})`;
    log(LOGGERS.dispatcher, `Received job submission ${named}.`);
    log(LOGGERS.dispatcher, `Submitting job ${named}.`);
    log(
      LOGGERS.jobRunner,
      `JobMasterServiceLeadershipRunner for job ${this.id} was granted leadership with leader id 00000000-0000-0000-0000-000000000000. Creating new JobMasterServiceProcess.`,
    );
    log(LOGGERS.jobMaster, `Initializing job ${named}.`);
    this.#later(120, () => {
      log(LOGGERS.graph, `Created execution graph ${this.#graphId} for job ${this.id}.`);
      if (this.checkpoints.restored === undefined) log(LOGGERS.coordinator, 'No checkpoint found during restore.');
      else log(LOGGERS.coordinator, `Starting job ${this.id} from savepoint ${this.checkpoints.restored.path} ()`);
      this.#become('CREATED');
      for (const task of this.tasks) this.#stamp(task, 'CREATED', clock.now());
      this.#later(40, () => {
        log(LOGGERS.jobMaster, `Starting execution of job ${named} under job master id 00000000000000000000000000000000.`);
        this.#become('RUNNING');
        this.#schedule();
      });
    });
  }

  /** Makes the job one that has been running on these slots since then. */
  adopt(slots: readonly Slot[], since: number): void {
    for (const status of ['CREATED', 'RUNNING'] as const) this.stamps.set(status, since + 90);
    this.status = 'RUNNING';
    this.lastModification = since + 1_400;
    const stamps = new Map<TaskState, number>([
      ['CREATED', since + 60],
      ['SCHEDULED', since + 95],
      ['DEPLOYING', since + 380],
      ['INITIALIZING', since + 900],
      ['RUNNING', since + 1_400],
    ]);
    for (const vertex of this.vertices)
      for (const task of vertex.tasks) {
        task.slot = slots[task.subtask];
        task.runningSince = since + 1_400;
        task.stamps = stamps;
        task.state = 'RUNNING';
      }
    this.coordinator.adopt(since);
    this.#live('INITIAL_SCHEDULE', since + 1_400);
  }

  slotsGranted(slots: readonly Slot[]): void {
    if (this.status !== 'RUNNING') return;
    for (const vertex of this.vertices)
      for (const task of vertex.tasks) {
        task.slot = slots[task.subtask];
        this.#move(vertex, task, 'DEPLOYING');
        const log = task.slot === undefined ? undefined : this.#host.taskManagerLog(task.slot.taskManager);
        log?.(
          LOGGERS.taskExecutor,
          `Received task ${taskName(vertex, task)}#${task.attempt} (${this.executionId(vertex, task)}), deploy into slot with allocation id ${this.#host.random.hex(32)}.`,
        );
        log?.(
          LOGGERS.task,
          `${taskName(vertex, task)}#${task.attempt} (${this.executionId(vertex, task)}) switched from CREATED to DEPLOYING.`,
        );
      }
    this.#later(250, () => this.#all('INITIALIZING'));
    this.#later(600, () => {
      this.#all('RUNNING');
      this.#live(this.restarts === 0 ? 'INITIAL_SCHEDULE' : 'RECOVERABLE_FAILOVER', this.#host.clock.now());
    });
  }

  cancel(): void {
    if (this.ended) return;
    this.#become('CANCELLING');
    this.#phase += 1;
    this.#all('CANCELING');
    this.#later(350, () => {
      this.#all('CANCELED');
      this.#end('CANCELED');
    });
  }

  /** The whole input has been read, or the job is stopped with a savepoint. */
  finish(): void {
    if (this.ended) return;
    this.#phase += 1;
    this.#all('FINISHED');
    this.#end('FINISHED');
  }

  /** A task threw, in the first of `where` if that is known; others failed with it. The job restarts as often as it may, then fails. */
  fail(failure: Failure, where: readonly TaskPlace[] = []): void {
    if (this.ended || this.status === 'CANCELLING' || this.status === 'RESTARTING') return;
    const { clock, log } = this.#host;
    const at = clock.now();
    this.#phase += 1;
    const entry = failureEntry(failure, where, at);
    for (const { vertex, task } of where) this.#move(vertex, task, 'FAILED', `\n${failure.stacktrace}`);
    this.checkpoints.failAll(at, 'Checkpoint Coordinator is suspending.');
    const again = this.restartsLeft > 0;
    this.failures = [again ? entry : lastEntry(entry, this.restarts), ...this.failures].slice(0, 16);
    this.rescaling.interrupted('JOB_FAILOVER_RESTARTING');
    for (const vertex of this.vertices) for (const task of vertex.tasks) if (!isEnded(task.state)) this.#move(vertex, task, 'CANCELING');
    this.#become(again ? 'RESTARTING' : 'FAILING', failure.stacktrace);
    this.#later(300, () => {
      for (const vertex of this.vertices)
        for (const task of vertex.tasks) if (task.state === 'CANCELING') this.#move(vertex, task, 'CANCELED');
      if (!again) return this.#end('FAILED');
      this.#host.release(this);
      this.#later(1_200, () => this.#restart());
    });
    log(
      LOGGERS.jobMaster,
      again ? `${this.tasks.length} tasks will be restarted to recover the failed task.` : `Job ${this.id} cannot be restarted any more.`,
    );
  }

  /** Its JobManager is gone, and no other one resumes it. */
  abandon(): void {
    this.#phase += 1;
  }

  #restart(): void {
    this.restarts += 1;
    this.restartsLeft -= 1;
    this.#resume();
  }

  /** Restarts from the latest checkpoint with other numbers of tasks. Flink is RUNNING all the while to those who ask now and then. */
  rescaleTo(parallelism: readonly number[]): void {
    const at = this.#host.clock.now();
    this.#phase += 1;
    this.rescales += 1;
    this.checkpoints.failAll(at, 'Checkpoint Coordinator is suspending.');
    this.#become('RESTARTING');
    this.#all('CANCELING');
    this.#later(170, () => {
      this.#all('CANCELED');
      this.#host.release(this);
      this.vertices = verticesOf(this.request.graph, parallelism);
      this.#resume();
    });
  }

  #resume(): void {
    const at = this.#host.clock.now();
    const latest = this.checkpoints.latestCompleted;
    if (latest?.path !== undefined) {
      this.checkpoints.restore({ id: latest.id, at, isSavepoint: false, path: latest.path });
      this.#host.log(
        LOGGERS.coordinator,
        `Restoring job ${this.id} from Checkpoint ${latest.id} @ ${latest.triggeredAt} for ${this.id} located at ${latest.path}.`,
      );
    }
    for (const task of this.tasks) {
      if (task.state !== 'CREATED') attemptAgain(task);
      this.#stamp(task, 'CREATED', at);
    }
    this.#become('RUNNING');
    this.#schedule();
  }

  #schedule(): void {
    for (const vertex of this.vertices) for (const task of vertex.tasks) this.#move(vertex, task, 'SCHEDULED');
    this.#host.acquire(this, this.slotsWanted);
  }

  /** Begins what happens while it runs: checkpoints, and the end that its program comes to. */
  #live(trigger: RescaleTrigger, at: number): void {
    const { graph } = this.request;
    this.rescaling.running(trigger, at);
    const every = this.coordinator.interval;
    if (every !== undefined) this.#later(Math.min(every, 1_000), () => this.#periodic(every));
    if (graph.finishesAfter !== undefined) this.#later(graph.finishesAfter, () => this.finish());
    if (graph.failsAfter !== undefined) this.#later(graph.failsAfter, () => this.failByProgram());
  }

  /** Fails the job as an exception in its program would: of the same records, every second time two tasks choke at once. */
  failByProgram(failure?: Failure): void {
    const vertex = this.vertices[Math.min(1, this.vertices.length - 1)];
    const running = vertex?.tasks.filter((one) => one.state === 'RUNNING') ?? [];
    this.fail(
      failure ?? this.#host.random.pick(programFailures)(this.request.entryClass),
      vertex === undefined ? [] : running.slice(0, 1 + (this.restarts % 2)).map((task) => ({ vertex, task })),
    );
  }

  /** A TaskManager is gone, and with it the tasks that ran on it. */
  failOn(taskManager: string, failure: Failure): void {
    this.fail(
      failure,
      this.vertices.flatMap((vertex) =>
        vertex.tasks.filter((task) => task.slot?.taskManager === taskManager && !isEnded(task.state)).map((task) => ({ vertex, task })),
      ),
    );
  }

  #periodic(every: number): void {
    void this.coordinator.take('CHECKPOINT');
    this.#later(every, () => this.#periodic(every));
  }

  #end(status: JobStatus): void {
    this.#phase += 1;
    this.endTime = this.#host.clock.now();
    this.checkpoints.failAll(this.endTime, 'Checkpoint Coordinator is suspending.');
    this.#become(status);
    this.#host.log(LOGGERS.coordinator, `Stopping checkpoint coordinator for job ${this.id}.`);
    this.#host.log(LOGGERS.dispatcher, `Job ${this.id} reached terminal state ${status}.`);
    this.#host.release(this);
  }

  #become(status: JobStatus, trace?: string): void {
    const before = this.status;
    this.status = status;
    this.lastModification = this.#host.clock.now();
    this.stamps.set(status, this.lastModification);
    this.#host.log(
      LOGGERS.graph,
      `Job ${this.name} (${this.id}) switched from state ${before} to ${status}.${trace === undefined ? '' : `\n${trace.trimEnd()}`}`,
    );
  }

  #all(state: TaskState): void {
    for (const vertex of this.vertices) for (const task of vertex.tasks) if (!isEnded(task.state)) this.#move(vertex, task, state);
  }

  #move(vertex: VertexRun, task: Task, state: TaskState, detail = ''): void {
    const { log, clock } = this.#host;
    const line = `${taskName(vertex, task)} (${this.executionId(vertex, task)}) switched from ${task.state} to ${state}`;
    const on = task.slot === undefined ? '' : ` on ${task.slot.taskManager} @ ${task.slot.taskManager} (dataPort=6121)`;
    log(LOGGERS.graph, `${line}${state === 'FAILED' ? on : ''}.${detail.trimEnd()}`, state === 'FAILED' ? { level: 'WARN' } : {});
    if (task.slot !== undefined && state !== 'DEPLOYING') {
      this.#host.taskManagerLog(task.slot.taskManager)?.(
        LOGGERS.task,
        `${taskName(vertex, task)}#${task.attempt} (${this.executionId(vertex, task)}) switched from ${task.state} to ${state}${state === 'FAILED' ? ` with failure cause:${detail.trimEnd()}` : '.'}`,
        state === 'FAILED' ? { level: 'WARN' } : {},
      );
    }
    this.#stamp(task, state, clock.now());
  }

  #stamp(task: Task, state: TaskState, at: number): void {
    if (state === 'RUNNING') task.runningSince = at;
    else if (task.runningSince !== undefined && task.ranUntil === undefined && state !== 'CREATED') task.ranUntil = at;
    task.state = state;
    task.stamps = new Map([...task.stamps, [state, at]]);
    this.lastModification = at;
  }

  #later(ms: number, step: () => void): void {
    const phase = this.#phase;
    this.#host.clock.after(ms, () => {
      if (phase === this.#phase) step();
    });
  }
}
