import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import { findClusters } from '../../cluster/find-clusters.ts';
import { readPods } from '../../cluster/pods/read-pods.ts';
import { catalogue } from '../../commands/catalogue.ts';
import type { Offer } from '../../commands/line/completion.ts';
import { candidatesFor, type OfferSources } from '../../commands/line/completions.ts';
import type { Typed } from '../../commands/line/inside-offers.ts';
import type { ArgumentKind, ArgumentSpec, OptionSpec } from '../../commands/model/types.ts';
import type { FlinkClient } from '../../flink/types.ts';
import { loadKubeconfig } from '../../kubernetes/config/kubeconfig.ts';
import { recordedClusters } from '../../session/recording/kept-recordings.ts';
import { recordingsFolder } from '../../session/recording/places.ts';
import { emptySession } from '../../session/empty-session.ts';
import { openJournal } from '../../session/journal.ts';
import type { Job, Pod, Session } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import { late, within } from '../../support/waiting.ts';
import { themeNames } from '../../tui/look/theme.ts';
import type { ConnectionOptions } from '../command-line/connection-options.ts';
import { clusterOf, connectionOf } from '../command-line/shared-options.ts';
import { onlyCluster } from '../one-shot/list-commands.ts';
import { stateFolder } from '../process/folders.ts';
import type { CliIo } from '../process/io.ts';
import { openFlinkClient } from '../wiring/rest-client.ts';
import { remoteSandbox } from '../wiring/sandbox-control.ts';
import { type Connection, connect } from '../wiring/services.ts';
import type { Spot } from './shape.ts';

/** How long all servers together may take before Tab continues without them. */
const patienceMs = 1_000;

/** What is asked for at the cursor, and in which cluster. */
interface Question {
  readonly spec: ArgumentSpec | OptionSpec;
  readonly typed: string;
  /** The arguments before the cursor. */
  readonly before: readonly Typed[];
  readonly clusterId: string | undefined;
  readonly connection: ConnectionOptions;
  readonly aboutSandbox: boolean;
  readonly io: CliIo;
  /** Aborts once nobody is waiting. */
  readonly signal: AbortSignal;
}

/** Candidates for this argument or option. Rejects if they cannot be found, and resolves with none if that takes too long. */
export async function offersFor(spec: ArgumentSpec | OptionSpec, typed: string, spot: Spot, io: CliIo): Promise<readonly Offer[]> {
  const { shape, words, before, given, command } = spot;
  const at = shape.args.findIndex(({ kind }) => kind === 'cluster');
  const clusterId = clusterOf(at < 0 ? undefined : words[at], given);
  // Tab must not even write a trace.
  const connection = { ...connectionOf(given), trace: undefined };
  const aboutSandbox = command.parent?.name() === 'sandbox';
  const found = await within(patienceMs, io, (signal) =>
    offersOf({ spec, typed, before, clusterId, connection, aboutSandbox, io, signal }),
  );
  return found === late ? [] : found;
}

async function offersOf(question: Question): Promise<readonly Offer[]> {
  switch (question.spec.kind) {
    case 'context':
      return (await contexts(question)).map(([text, { cluster = '' }]) => ({ text, description: cluster }));
    case 'namespace': {
      const namespaces = (await contexts(question)).flatMap(([, { namespace }]) => namespace ?? []);
      return [...new Set(namespaces)].map((text) => ({ text, description: '' }));
    }
    case 'cluster':
      return clusters(question);
    case 'recording':
      return (await recordedClusters(recordingsFolder(stateFolder(question.io)))).map((text) => ({ text, description: '' }));
    case 'savepoint':
      return candidates(question, { operations: savepoints(question) });
    case 'job':
    case 'pod':
    case 'subject':
    case 'object':
    case 'uploaded-jar':
    case 'vertex':
    case 'parallelism':
    case 'metric':
      return ofCluster(question);
    default:
      return candidates(question, {});
  }
}

async function contexts({ connection: { kubeconfig }, io: { env, home } }: Question) {
  const config = await loadKubeconfig({ kubeconfig, env, home });
  return config === undefined ? [] : [...config.contexts];
}

async function clusters({ connection: options, io, signal }: Question): Promise<readonly Offer[]> {
  await using connection = await connect(options, io, unsaid);
  const { clusters: found } = await findClusters(connection.kubernetes, options.allNamespaces ? undefined : connection.namespace, signal);
  return found.map(({ id, kind }) => ({ text: id, description: `${kind} cluster` }));
}

/** A message would land in the middle of the line that the user is typing. */
const unsaid = (): void => {};

/** Savepoints that were taken from this machine, of the given cluster. */
const savepoints = ({ clusterId, connection: { namespace }, io }: Question): Session['operations'] =>
  openJournal({ folder: stateFolder(io), clock: io.clock })
    .readAll()
    .entries.filter(
      ({ cluster }) =>
        (clusterId === undefined || cluster.clusterId === clusterId) && (namespace === undefined || cluster.namespace === namespace),
    )
    .map(({ operation }) => operation);

const needsPods: ReadonlySet<ArgumentKind> = new Set(['pod', 'subject', 'object']);
const needsJobs: ReadonlySet<ArgumentKind> = new Set(['job', 'subject', 'vertex', 'parallelism', 'metric']);

/** Candidates that only the cluster knows; reads only the part of it that is needed. */
async function ofCluster(question: Question): Promise<readonly Offer[]> {
  const { spec, connection: options, io, signal } = question;
  await using connection = await connect(options, io, unsaid);
  const { kubernetes, namespace } = connection;
  const clusterId = await clusterMeant(question, connection);
  await using router = createRestRouter({ kubernetes, clusterId, namespace, ...connection.rest });
  await using flink = await openFlinkClient(router, { ...connection, patience: { maxAttempts: 1 } }, io);
  const [pods, jobs] = await Promise.all([
    needsPods.has(spec.kind) ? podsOf(clusterId, connection, signal) : [],
    needsJobs.has(spec.kind) ? jobsOf(flink, signal) : [],
  ]);
  return await candidates(question, { jobs, pods: new Map(pods.map((pod) => [pod.name, pod])) }, flink);
}

async function clusterMeant({ clusterId, aboutSandbox, signal }: Question, { kubernetes, namespace }: Connection): Promise<string> {
  if (clusterId !== undefined) return clusterId;
  await using sandbox = aboutSandbox ? remoteSandbox(kubernetes) : undefined;
  return sandbox?.clusterId ?? onlyCluster(kubernetes, namespace, signal);
}

const podsOf = async (clusterId: string, { kubernetes, namespace }: Connection, signal: AbortSignal): Promise<readonly Pod[]> =>
  (await readPods(kubernetes, clusterId, namespace, signal)).items;

const jobsOf = async (flink: FlinkClient, signal: AbortSignal): Promise<readonly Job[]> =>
  (await flink.jobs({ signal })).map((job) => ({ ...job, checkpoints: undefined, restarts: undefined, exceptions: [] }));

/** Nothing is asked of a cluster. */
const noFlink: OfferSources['flink'] = {
  jars: () => Promise.resolve([]),
  job: () => Promise.reject(new Problem('unreachable', 'Completion asks no cluster here.')),
  vertexMetricNames: () => Promise.resolve([]),
};

/** Completes like the command line of the screen, with this part of the session known. */
function candidates({ spec, typed, before, io, signal }: Question, known: Partial<Session>, flink = noFlink): Promise<readonly Offer[]> {
  const session = { ...emptySession({ clusterId: '', namespace: '', context: undefined, server: '' }), ...known };
  const sources: OfferSources = {
    session: () => session,
    catalogue,
    themes: themeNames,
    columns: () => [],
    flink,
    clock: io.clock,
    cwd: io.cwd,
    home: io.home,
    examples: undefined,
    signal,
  };
  return candidatesFor(spec, typed, sources, before);
}
