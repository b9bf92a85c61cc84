import { noTemplates, usualReader, noContainer, notKept } from '../support/fakes.ts';
import { insideOf } from '../inside/job/build.ts';
import type { FlinkProcess } from '../../src/flink/process-types.ts';
import { insideOfProcess } from '../support/inside-process.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { checkpointsAndFailures } from './checkpoint-fixtures.ts';
import { type Inspection, keyOf } from '../../src/session/inspections/inspections.ts';
import { flameInside, profileInside } from '../support/flame-inside.ts';
import { templatesInside } from '../support/templates-inside.ts';
import { vertexInside } from '../support/vertex-inside.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import type { Job, LogView, Pod, Session, SessionLogs, SourceStatus, TimelineEntry, ViewLine } from '../../src/session/types.ts';
import { job as jobOf, pod as podOf } from '../support/pods-and-jobs.ts';
import { layout, type Size } from '../../src/tui/state/layout.ts';
import { readFilter, type TextFilter } from '../../src/tui/state/filter.ts';
import { createLook } from '../../src/tui/look/look.ts';
import { defaultKeys } from '../../src/tui/state/keys.ts';
import { initialUi, type Frame, type Ui } from '../../src/tui/state/ui.ts';
import { layoutWish } from '../../src/tui/state/trail.ts';

/** 11:34:20.500 UTC on a day in November. */
export const now = Date.UTC(2026, 10, 22, 11, 34, 20, 500);
const minute = 60_000;
const hour = 60 * minute;

export const pod = (name: string, over: Partial<Pod> = {}): Pod =>
  podOf({ shortName: name, node: 'node-b', ...over }, { clusterId: 'my-first-flink-cluster', at: now });

export function job(id: string, name: string, state: string, [up, total]: readonly [number, number], over: Partial<Job> = {}): Job {
  const running = state === 'RUNNING' || state === 'RESTARTING';
  const given: Partial<Job> = {
    id: id.padEnd(32, '0'),
    state,
    ...(running ? {} : { endTime: now - 9 * minute, durationMs: 41 * minute }),
    tasks: { total, byState: state === 'FINISHED' ? { finished: up } : { running: up } },
    checkpoints: {
      restored: 0,
      completed: 3,
      failed: 0,
      inProgress: 0,
      latestSavepoint: undefined,
      latestFailed: undefined,
      latestRestored: undefined,
      history: [],
      latestCompleted: {
        id: 3,
        status: 'COMPLETED',
        isSavepoint: false,
        triggeredAt: now - 5_000,
        endedAt: now - 4_000,
        durationMs: 1000,
        sizeBytes: 1,
        acknowledged: 1,
        subtasks: 1,
        path: undefined,
        failure: undefined,
      },
    },
  };
  return jobOf({ name, ...given, ...over }, now);
}

export const live = (dataAt = now): SourceStatus => ({
  state: 'live',
  since: now - hour,
  dataAt,
  problem: undefined,
  nextTryAt: undefined,
});

const pods = [
  pod('jobmanager-f647b'),
  pod('taskmanager-1-1'),
  pod('taskmanager-1-2'),
  pod('taskmanager-1-4', {
    state: 'ImagePullBackOff',
    severity: 'error',
    ready: 0,
    createdAt: now - 40_000,
    message: 'flink:2.3.0-custom: not found',
  }),
];

const oom = {
  name: 'java.lang.OutOfMemoryError',
  stacktrace: 'java.lang.OutOfMemoryError: Java heap space',
  taskName: 'Enrich (5/12)',
  taskManagerId: undefined,
};

const processes: readonly FlinkProcess[] = [{ kind: 'jobmanager' }, { kind: 'taskmanager', id: 'my-first-flink-cluster-taskmanager-1-1' }];

/** What a place shows of a job: two vertices. */
function insideOfJob(prefix: string): Inspection {
  const id = prefix.padEnd(32, '0');
  const detail = jobDetail({
    id,
    name: 'orders-enrichment',
    state: 'RESTARTING',
    startTime: now - 2 * 60 * minute,
    now,
    edges: [{ from: 'v1', to: 'v2', shipStrategy: 'HASH', exchange: 'pipelined_bounded' }],
    vertices: [vertex({ id: 'v1', name: 'Source: Orders', parallelism: 4 }), vertex({ id: 'v2', name: 'Sink: Print', parallelism: 4 })],
  });
  return { subject: { kind: 'job', job: id }, facts: insideOf(detail), readAt: now, problem: undefined };
}

const jm = 'my-first-flink-cluster-jobmanager-f647b';

/** Two templates, the first of which is the one that the log is full of. */
const checkpointEntries = [
  ...Array.from({ length: 60 }, (_, index) => ({
    level: 3,
    message: `Checkpoint ${index} completed in ${index * 3} ms`,
    at: now - 60_000 + index * 500,
    pod: jm,
  })),
  { level: 4, message: 'Lost connection to TaskManager my-first-flink-cluster-taskmanager-1-3', at: now - 4_110, pod: jm },
];

export function richSession(): Session {
  const session = emptySession({
    clusterId: 'my-first-flink-cluster',
    namespace: 'default',
    context: 'prod-eu',
    server: 'https://10.0.0.1:6443',
  });
  return {
    ...session,
    pods: new Map(pods.map((each) => [each.name, each])),
    podsKnown: true,
    eventsKnown: true,
    gone: [pod('taskmanager-1-3', { state: 'OOMKilled (137)', severity: 'error', deletedAt: now - 4_000, createdAt: now - 4 * minute })],
    leader: 'my-first-flink-cluster-jobmanager-f647b',
    jobs: [
      job('1a2b3c', 'CarTopSpeedWindowing', 'RUNNING', [8, 8]),
      job('9f13c2', 'orders-enrichment', 'RESTARTING', [5, 12], {
        startTime: now - 12_000,
        restarts: 7,
        exceptions: [
          { ...oom, at: now - 4_000 },
          { ...oom, at: now - 44_000 },
        ],
      }),
      job('77aa00', 'nightly-backfill', 'FINISHED', [4, 4], { checkpoints: undefined }),
      job('beef01', 'fraud-scoring', 'FAILED', [0, 6]),
    ],
    jobsKnown: true,
    overview: { taskManagers: 3, slotsTotal: 8, slotsAvailable: 0, flinkVersion: '2.3.0', flinkCommit: undefined },
    sources: new Map([
      ['pods', live()],
      ['flink', live(now - 2_000)],
      ['events', live()],
    ]),
    logs: new Map(pods.map((each) => [each.name, { lines: 18_204, bytes: 1, dropped: 0, ended: false }])),
    timeline: [
      {
        at: now - 3_499,
        from: 'k8s',
        severity: 'error',
        subject: 'tm',
        text: 'pod taskmanager-1-3 terminated: OOMKilled, exit 137, limit 1728Mi',
      },
      { at: now - 1_700, from: 'k8s', severity: 'info', subject: 'tm', text: 'pod taskmanager-1-4 created on node-b' },
      {
        at: now - 388,
        from: 'k8s',
        severity: 'warn',
        subject: 'tm',
        text: 'pod taskmanager-1-4 cannot pull flink:2.3.0-custom: not found',
      },
    ],
    timelineCount: 3,
    inspections: new Map(
      [
        insideOfJob('9f13c2'),
        ...vertexInside('9f13c2'.padEnd(32, '0'), 'v1', now),
        flameInside({ job: '9f13c2'.padEnd(32, '0'), vertex: 'v1' }, now),
        ...processes.map((process) => profileInside(process, now, 'cpu')),
        ...processes.flatMap((process) => insideOfProcess(process, { job: '9f13c2'.padEnd(32, '0'), readAt: now })),
        templatesInside([jm], checkpointEntries, { now }),
        ...checkpointsAndFailures('9f13c2'.padEnd(32, '0'), pod('taskmanager-1-3').name),
      ].map((each) => [keyOf(each.subject), each]),
    ),
  };
}

const tm = 'my-first-flink-cluster-taskmanager-1-3';

const logLine = (at: number, from: string, level: ViewLine['level'], text: string): ViewLine => ({
  at,
  pod: from,
  level,
  text,
  timeline: undefined,
});
const begin = (line: ViewLine): ViewLine => ({ ...line, begins: true });
export const log4j = (at: number, from: string, level: NonNullable<ViewLine['level']>, message: string): ViewLine =>
  begin(
    logLine(
      at,
      from,
      level,
      `${new Date(at).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')} ${level.padEnd(5)} org.apache.flink.runtime.Thing [] - ${message}`,
    ),
  );

export function richLines(): ViewLine[] {
  const timeline = (index: number): ViewLine => {
    const line = richSession().timeline[index] as TimelineEntry;
    return { at: line.at, pod: undefined, level: undefined, text: line.text, timeline: line };
  };
  return [
    // Each differs in a word from the one before: they are not folded.
    ...Array.from({ length: 60 }, (_, index) =>
      log4j(now - 60_000 + index * 500, jm, 'INFO', `Checkpoint ${index} completed in ${index * 3} ms${index % 2 === 0 ? '' : ' again'}`),
    ),
    log4j(now - 4_279, jm, 'INFO', 'Job orders-enrichment (9f13c2) switched from RUNNING to RESTARTING.'),
    log4j(now - 4_276, tm, 'ERROR', 'Exception in task Enrich (5/12)'),
    logLine(now - 4_276, tm, 'ERROR', 'java.lang.OutOfMemoryError: Java heap space'),
    ...Array.from({ length: 14 }, (_, index) =>
      logLine(
        now - 4_276,
        tm,
        'ERROR',
        `\tat org.apache.flink.streaming.runtime.Task.frame${index}(Task.java:${index + 100}) ~[flink-dist-2.3.0.jar:2.3.0]`,
      ),
    ),
    log4j(now - 4_110, jm, 'WARN', 'Lost connection to TaskManager my-first-flink-cluster-taskmanager-1-3'),
    timeline(0),
    log4j(now - 3_085, jm, 'INFO', 'Requesting new worker with resource spec {cpu=1.0, memory=1728m}'),
    timeline(1),
    timeline(2),
  ];
}

/** A view of lines that can become more. */
export const viewOfAll = (all: () => readonly ViewLine[], dropped = 0): LogView => ({
  get version() {
    return all().length;
  },
  get count() {
    return all().length;
  },
  dropped,
  pending: 0,
  advance: () => {},
  reader: usualReader,
  // Lines are only added, at the end.
  fingerprint: (from, to) => to - from,
  troublesFrom: (_, minutes) => ({ errors: new Uint32Array(minutes), warnings: new Uint32Array(minutes) }),
  line: (index) => all()[index],
});
export const viewOf = (lines: readonly ViewLine[], dropped = 0): LogView => viewOfAll(() => lines, dropped);

type ViewOptions = Parameters<SessionLogs['view']>[1];

/** Whether a view with these options has the line. */
export const isWanted = (line: ViewLine, { wanted, timeline = true }: NonNullable<ViewOptions>): boolean =>
  (line.timeline === undefined || timeline === true || (timeline !== false && timeline.includes(line.timeline.from))) &&
  (wanted?.({ ...line, entry: { text: line.text, exception: '' } }) ?? true);

/** Those of the lines that are wanted. As in the program, a view that asks about its lines has found them from the newest one back: their numbers are below 0. */
export function viewWanted(all: () => readonly ViewLine[], options: NonNullable<ViewOptions>): LogView {
  const shown = (): readonly ViewLine[] => all().filter((line) => isWanted(line, options));
  return viewOfAll(shown, options.wanted === undefined ? 0 : -shown().length);
}

/** The same lines, whatever pods are asked for: those that are wanted. */
export const logsOf = (lines: readonly ViewLine[]): SessionLogs => ({
  follow: () => {},
  unfollow: () => {},
  container: noContainer,
  ...notKept,
  reader: usualReader,
  templates: noTemplates,
  view: (_, options = {}) => viewWanted(() => lines, options),
});

/** A filter as it is typed. */
export function filterOf(text: string): TextFilter {
  const reading = readFilter(text);
  if (reading.kind !== 'filter' || reading.filter === undefined) throw new Error(`${text} is not a filter`);
  return reading.filter;
}

export const colourful = createLook({ theme: 'dark', depth: 'true', ascii: false, motion: true });
export const colourless = createLook({ theme: 'dark', depth: 'none', ascii: false, motion: false });

export function frameOf(size: Size, over: Partial<Frame> = {}, ui: Partial<Ui> = {}): Frame {
  const base = initialUi({ theme: 'dark', mouse: false });
  const state: Ui = { ...base, lists: { ...base.lists, pods: { ...base.lists.pods, selected: jm } }, ...ui };
  return {
    session: richSession(),
    ui: state,
    size,
    now,
    look: colourful,
    keys: defaultKeys,
    history: [],
    isFresh: () => false,
    starting: undefined,
    logView: viewOf(richLines()),
    hits: undefined,
    layout: layout(size, layoutWish(state.trail)),
    ...over,
  };
}
