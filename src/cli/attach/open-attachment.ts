import { sep } from 'node:path';
import { createClusterHandle } from '../../cluster/cluster-handle.ts';
import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import { getCluster } from '../../cluster/find-clusters.ts';
import { createRunner, type Runner } from '../../commands/runner.ts';
import type { SandboxControl } from '../../commands/model/sandbox-control.ts';
import type { CommandContext, FrontEnd } from '../../commands/model/types.ts';
import { newId } from '../../flink/ids.ts';
import type { FlinkClient, RestRouter } from '../../flink/types.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import type { KeptLogsOptions } from '../../session/feeds/kept-logs.ts';
import { startFeeds } from '../../session/feeds/start.ts';
import { openLaunches } from '../../session/launches.ts';
import { openJournal } from '../../session/journal.ts';
import { Recorder } from '../../session/recording/recorder.ts';
import { recordingFolder } from '../../session/recording/places.ts';
import { ReplayedLogs } from '../../session/recording/replayed-logs.ts';
import { recordedTimelines } from '../../session/recording/recorded-timeline.ts';
import { createRewind, type Rewind } from '../../session/recording/rewind.ts';
import { shownLogs } from '../../session/recording/shown-logs.ts';
import { shownClock, type ShownStore } from '../../session/recording/shown-store.ts';
import { timelineEntry } from '../../session/draft.ts';
import type { Instant } from '../../support/clock.ts';
import { createOperations, resumeOperations } from '../../session/operations.ts';
import { defaultBounds } from '../../session/logs/log-buffer.ts';
import type { Feeds, SessionLogs, SessionStore, Target } from '../../session/types.ts';
import { clusterFolder, spoolFolder } from '../../spool/places.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { stateFolder } from '../process/folders.ts';
import type { CliIo } from '../process/io.ts';
import { openFlinkClient, tellDetour, tellProxied } from '../wiring/rest-client.ts';
import type { Connection } from '../wiring/services.ts';

export interface LogSettings {
  /** Lines to hold of each log; undefined: the default. */
  readonly lines: number | undefined;
  /** Write the followed logs to disk. */
  readonly keep: boolean;
}

export interface AttachmentRequest {
  readonly connection: Connection;
  readonly clusterId: string;
  readonly store: SessionStore;
  /** What the screen shows: now, or the past; absent without a screen. */
  readonly shown?: ShownStore | undefined;
  /** The folder for the recordings of all clusters. */
  readonly recordings: string;
  /** The session is recorded there. */
  readonly record?: boolean | undefined;
  readonly front: FrontEnd;
  readonly mode: CommandContext['mode'];
  readonly readOnly: boolean;
  /** Nothing else of the cluster is read; undefined: everything. */
  readonly reads?: 'pods' | undefined;
  /** Loads the control of the sandbox; undefined: the cluster is not a sandbox. */
  readonly sandbox: (() => Promise<SandboxControl>) | undefined;
  /** Reject if there is no such cluster; otherwise wait for it to appear. */
  readonly mustExist: boolean;
  readonly logs?: LogSettings | undefined;
  readonly io: CliIo;
  readonly signal: AbortSignal;
}

/** A cluster with everything that is known about it and can be done with it. Disposing it ends feeds and connections; the cluster stays. */
export interface Attachment extends AsyncDisposable {
  readonly kubernetes: KubernetesClient;
  readonly flink: FlinkClient;
  readonly feeds: Feeds;
  readonly runner: Runner;
}

/**
 * Connects clients, feeds and commands. Rejects with `not-found` if there is no such cluster; the feeds report a server that is
 * unreachable.
 */
export async function openAttachment(request: AttachmentRequest): Promise<Attachment> {
  const { connection, clusterId, store, front, io, signal } = request;
  const { kubernetes, namespace } = connection;
  const target = targetOf(request);
  store.tell([{ kind: 'target', at: io.clock.now(), target }]);

  await using opening = new AsyncDisposableStack();
  const rewind = openRecording(request, target, opening);
  const router = opening.use(openRouter(request, target));
  const flink = opening.use(await openFlinkClient(router, connection, io));
  const feeds = opening.use(
    startFeeds({
      store,
      kubernetes,
      flink,
      target,
      clock: io.clock,
      signal,
      reads: request.reads,
      // Without a screen, only requested logs are followed.
      logs: {
        automatic: request.mode === 'tui',
        bounds: request.logs?.lines === undefined ? undefined : { ...defaultBounds, maxLines: request.logs.lines },
        kept: request.logs?.keep === true ? keptLogs(io) : undefined,
      },
    }),
  );
  // The feeds do not wait for these, so that pods and jobs are shown sooner.
  const uid = await existing(request);
  const sandbox = await request.sandbox?.();
  const cluster = opening.use(
    createClusterHandle({
      kubernetes,
      flink,
      clock: io.clock,
      clusterId,
      namespace,
      router,
      uid,
      ...connection.rest,
    }),
  );
  const journal = openJournal({ folder: stateFolder(io), clock: io.clock });
  const operations = createOperations({ store, journal, clock: io.clock, signal, target, uid });
  // A one-shot command only needs its own result.
  if (request.mode !== 'one-shot')
    void resumeOperations({
      store,
      journal,
      flink,
      findSavepoint: cluster.findSavepoint,
      clock: io.clock,
      signal,
      target,
      uid,
    });
  const logs = logsOfShown(request, target, feeds.logs);
  const runner = createRunner({
    store: request.shown ?? store,
    now: { store, clock: io.clock },
    rewind,
    recorded: (asked) => recordedTimelines(recordingFolder(request.recordings, target), asked),
    logs,
    flink,
    kubernetes,
    cluster,
    operations,
    launches: openLaunches({ folder: stateFolder(io), clock: io.clock }),
    front,
    refresh: () => feeds.refresh(),
    clock: request.shown === undefined ? io.clock : shownClock(io.clock, request.shown),
    newId,
    signal,
    readOnly: request.readOnly,
    cwd: io.cwd,
    home: io.home,
    stateFolder: stateFolder(io),
    env: io.env,
    sandbox,
    mode: request.mode,
  });
  const lifetime = opening.move();
  return { kubernetes, flink, feeds: { ...feeds, logs }, runner, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

/** Undefined: the session is not recorded, or cannot be shown as it was. */
function openRecording(
  { recordings, record, store, shown, io: { clock } }: AttachmentRequest,
  target: Target,
  opening: AsyncDisposableStack,
): Rewind | undefined {
  if (record !== true || shown === undefined) return undefined;
  const at = (): Instant => clock.now();
  const report = (problem: Problem | undefined): void => {
    if (problem === undefined) return;
    const text = `What happens is not recorded on disk: ${sentence(problem.cause)}`;
    store.tell([{ kind: 'timeline', at: at(), line: timelineEntry(at(), 'drey', 'warn', undefined, text) }]);
  };
  const recorder = opening.use(new Recorder({ store, folder: recordings, cluster: target, clock, report }));
  return createRewind({ store: shown, folder: recordingFolder(recordings, target), clock, recorder });
}

/** Without a spool, the lines of the past are those in memory. */
function logsOfShown({ shown, store, logs, io, signal }: AttachmentRequest, target: Target, live: SessionLogs): SessionLogs {
  if (shown === undefined || logs?.keep !== true) return live;
  const then = new ReplayedLogs({
    folder: clusterFolder(spoolFolder(stateFolder(io)), target),
    session: shown.get,
    clock: shownClock(io.clock, shown),
    signal,
    changed: () => shown.past !== undefined && shown.look({ ...shown.past }),
    report(problem) {
      const at = io.clock.now();
      store.tell([{ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'warn', undefined, sentence(problem)) }]);
    },
    flush: async () => live.flush?.(),
  });
  return shownLogs(live, then, shown);
}

function keptLogs(io: CliIo): KeptLogsOptions {
  const folder = spoolFolder(stateFolder(io));
  return { folder, label: folder.startsWith(`${io.home}${sep}`) ? `~${folder.slice(io.home.length)}` : folder };
}

function targetOf({ connection: { kubernetes, kubeconfig, namespace }, clusterId, readOnly }: AttachmentRequest): Target {
  return {
    clusterId,
    namespace,
    context: kubernetes.context,
    kubeconfig,
    server: kubernetes.server,
    readOnly,
    tlsUnverified: kubernetes.tlsUnverified,
  };
}

function openRouter({ connection, clusterId, store, mode, io }: AttachmentRequest, target: Target): RestRouter & AsyncDisposable {
  const { kubernetes, namespace, rest } = connection;
  return createRestRouter({
    kubernetes,
    clusterId,
    namespace,
    ...rest,
    // Otherwise stderr would be written over the screen.
    ...(mode === 'one-shot'
      ? { detour: tellDetour(io), proxied: tellProxied(io) }
      : { proxied: () => store.tell([{ kind: 'target', at: io.clock.now(), target: { ...target, restProxied: true } }]) }),
  });
}

/** Uid of the Deployment, so that a later cluster of the same name is never mistaken for this one; undefined if it could not be read. */
async function existing({
  connection: { kubernetes, namespace },
  clusterId,
  mustExist,
  signal,
}: AttachmentRequest): Promise<string | undefined> {
  try {
    return (await getCluster(kubernetes, clusterId, namespace, signal)).uid;
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem) || (mustExist && error.kind === 'not-found')) throw error;
    // Unreachable, or forbidden to this user: the feeds report that, and keep retrying.
    return undefined;
  }
}
