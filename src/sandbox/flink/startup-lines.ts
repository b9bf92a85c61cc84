import { textOf, type ApiObject } from '../api/objects.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import { isHighlyAvailable } from './leader-map.ts';
import { logLine, LOGGERS, processLog, type FlinkLog } from './log-format.ts';
import type { Settings } from './settings.ts';

type Line = readonly [ms: number, logger: string, message: string, level?: 'WARN'];

const RULE = '-'.repeat(80);
const NO_SESSION = '00000000-0000-0000-0000-000000000000';

/** Milliseconds from a JobManager's start until its REST endpoint listens, and until it leads. */
export const LISTENS_AFTER = 640;
export const LEADS_AFTER = 1_200;

/** Writes the log lines of a JobManager that starts at `at`; `recovered` TaskManagers of the previous one still run. */
export function jobManagerStart(
  log: FlinkLog,
  settings: Settings,
  pod: ApiObject,
  { at, attempt, recovered }: { readonly at: number; readonly attempt: number; readonly recovered: number },
): void {
  const ip = textOf(pod['status'], 'podIP') ?? '10.244.0.5';
  const entry = entryPoint(settings);
  const ha = isHighlyAvailable(settings);
  const lines: Line[] = [
    [0, LOGGERS.entrypoint, RULE],
    [5, LOGGERS.entrypoint, ` Starting ${entry} (Version: ${settings.version}, Scala: 2.12, Rev:c0f8d1a, Date:2026-06-14T16:29:03+02:00)`],
    [5, LOGGERS.entrypoint, ' OS current user: flink'],
    [6, LOGGERS.entrypoint, ' Current Hadoop/Kerberos user: <no hadoop dependency found>'],
    [6, LOGGERS.entrypoint, ' JVM: OpenJDK 64-Bit Server VM - Eclipse Adoptium - 17/17.0.15+6'],
    [6, LOGGERS.entrypoint, ' Maximum heap size: 1024 MiBytes'],
    [7, LOGGERS.entrypoint, RULE],
    [8, LOGGERS.entrypoint, 'Registered UNIX signal handlers for [TERM, HUP, INT]'],
    ...[...settings.entries()]
      .filter(([key]) => !key.startsWith('env.java'))
      .map(([key, value]): Line => [
        22,
        LOGGERS.configuration,
        `Loading configuration property: ${key}, ${/password|secret|token|apikey/i.test(key) ? '******' : value}`,
      ]),
    [140, LOGGERS.plugins, 'Plugin loader with ID not found, creating it: metrics-prometheus'],
    [
      150,
      LOGGERS.fileSystem,
      'Hadoop is not in the classpath/dependencies. The extended set of supported File Systems via Hadoop is not available.',
    ],
    [170, LOGGERS.entrypoint, 'Initializing cluster services.'],
    [300, LOGGERS.rpcUtils, `Trying to start actor system, external address ${ip}:6123, bind address 0.0.0.0:6123.`],
    [460, LOGGERS.rpcUtils, `Actor system started at pekko.tcp://flink@${ip}:6123`],
    [480, LOGGERS.blob, 'Started BLOB server at 0.0.0.0:6124 - max concurrent requests: 50 - max backlog: 1000'],
    [490, LOGGERS.metrics, 'No metrics reporter configured, no metrics will be exposed/reported.'],
    ...(ha
      ? ([
          [500, LOGGERS.election, `Create KubernetesLeaderElector on ${settings.clusterId}-cluster-config-map.`],
          [560, LOGGERS.election, `New leader elected ${pod.metadata.uid} for ${settings.clusterId}-cluster-config-map.`],
        ] as const)
      : []),
    [580, LOGGERS.rest, 'Starting rest endpoint.'],
    [LISTENS_AFTER, LOGGERS.rest, `Rest endpoint listening at 0.0.0.0:${settings.text('rest.port') ?? '8081'}`],
    [641, LOGGERS.rest, `http://0.0.0.0:${settings.text('rest.port') ?? '8081'} was granted leadership with leaderSessionID=${NO_SESSION}`],
    [1_060, LOGGERS.dispatcherProcess, 'Start SessionDispatcherLeaderProcess.'],
    [1_065, LOGGERS.resourceManagerService, `Resource manager service is granted leadership with session id ${NO_SESSION}.`],
    [1_100, LOGGERS.dispatcherProcess, 'Successfully recovered 0 persisted job graphs.'],
    [1_120, LOGGERS.resourceManager, 'Starting the resource manager.'],
    [1_130, LOGGERS.slotManager, 'Starting the slot manager.'],
    [1_160, LOGGERS.driver, `Recovered ${recovered} pods from previous attempts, current attempt id is ${attempt}.`],
  ];
  for (const [ms, logger, message, level] of lines) log(logger, message, { at: at + ms, ...(level === undefined ? {} : { level }) });
}

/** The log lines of a JobManager that dies at its start. Source: ClusterEntrypoint.runClusterEntrypoint, Flink 2.3. */
export function jobManagerDies(console: ContainerLog, settings: Settings, reason: string, at: number): void {
  const log = processLog(console, { now: () => at });
  const entry = entryPoint(settings);
  log(LOGGERS.entrypoint, RULE);
  log(LOGGERS.entrypoint, ` Starting ${entry} (Version: ${settings.version}, Scala: 2.12, Rev:c0f8d1a, Date:2026-06-14T16:29:03+02:00)`);
  log(LOGGERS.entrypoint, 'Initializing cluster services.');
  log(
    LOGGERS.entrypoint,
    `Could not start cluster entrypoint ${entry}.\norg.apache.flink.runtime.entrypoint.ClusterEntrypointException: Failed to initialize the cluster entrypoint ${entry}.\n\tat org.apache.flink.runtime.entrypoint.ClusterEntrypoint.startCluster(ClusterEntrypoint.java:263)\n\tat org.apache.flink.runtime.entrypoint.ClusterEntrypoint.runClusterEntrypoint(ClusterEntrypoint.java:729)\nCaused by: ${reason}\n\t... 2 more`,
    { level: 'ERROR' },
  );
}

/** The last line of a process that is asked to end. Source: SignalHandler, Flink 2.3. */
export const sayGoodbye = (console: ContainerLog, logger: string, at: number): void =>
  console.write(logLine(at, 'INFO', logger, 'RECEIVED SIGNAL 15: SIGTERM. Shutting down as requested.'), at);

const entryPoint = (settings: Settings): string =>
  settings.application ? 'KubernetesApplicationClusterEntrypoint' : 'KubernetesSessionClusterEntrypoint';

/** Writes the log lines of a TaskManager from its start until it is registered. */
export function taskManagerStart(log: FlinkLog, settings: Settings, name: string, slots: number, at: number): void {
  const lines: Line[] = [
    [0, LOGGERS.taskManagerRunner, RULE],
    [
      4,
      LOGGERS.taskManagerRunner,
      ` Starting Kubernetes TaskExecutor runner (Version: ${settings.version}, Scala: 2.12, Rev:c0f8d1a, Date:2026-06-14T16:29:03+02:00)`,
    ],
    [5, LOGGERS.taskManagerRunner, ' OS current user: flink'],
    [5, LOGGERS.taskManagerRunner, ' JVM: OpenJDK 64-Bit Server VM - Eclipse Adoptium - 17/17.0.15+6'],
    [6, LOGGERS.taskManagerRunner, ' Maximum heap size: 512 MiBytes'],
    [7, LOGGERS.taskManagerRunner, RULE],
    [8, LOGGERS.taskManagerRunner, 'Registered UNIX signal handlers for [TERM, HUP, INT]'],
    [240, LOGGERS.rpcUtils, 'Trying to start actor system, external address 10.244.0.7:6122, bind address 0.0.0.0:6122.'],
    [390, LOGGERS.rpcUtils, 'Actor system started at pekko.tcp://flink@10.244.0.7:6122'],
    [400, LOGGERS.taskManagerRunner, `Starting TaskManager with ResourceID: ${name}`],
    [
      430,
      'org.apache.flink.runtime.io.network.NettyShuffleServiceFactory',
      `Created a new FileChannelManager for storing result partitions of BLOCKING shuffles. Used directories:\n\t/tmp/flink-netty-shuffle-4d5f`,
    ],
    [
      460,
      LOGGERS.taskExecutor,
      `Connecting to ResourceManager pekko.tcp://flink@${settings.clusterId}.${settings.namespace}:6123/user/rpc/resourcemanager_*(00000000000000000000000000000000).`,
    ],
    [520, LOGGERS.taskExecutor, 'Resolved ResourceManager address, beginning registration'],
    [
      560,
      LOGGERS.taskExecutor,
      `Successful registration at resource manager pekko.tcp://flink@${settings.clusterId}.${settings.namespace}:6123/user/rpc/resourcemanager_* under registration id 39b3a1efe7bc87da39db72ecd1921c8c.`,
    ],
    [570, LOGGERS.slotTable, `Offering ${slots} slots to the resource manager.`],
  ];
  for (const [ms, logger, message] of lines) log(logger, message, { at: at + ms });
}
