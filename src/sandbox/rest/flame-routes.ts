import type { FlinkCluster } from '../flink/cluster.ts';
import { FLAME_TYPES, flameTree, profileLines, type CountedStack } from '../flink/flame.ts';
import { PROFILE_MODES, type Profile, type ProfileMode } from '../flink/samplers.ts';
import { isEnded } from '../flink/tasks.ts';
import { noLogFile } from './cluster-routes.ts';
import { jobPart, unresolved, vertexPart } from './path-parts.ts';
import { bodyRecord } from './request-body.ts';
import { internal, refused, NotARoute } from './rest-errors.ts';
import { RestAnswer, type RestCall, type RestRoute } from './rest-route.ts';
import { profiled, profiledJobManager, sampled, tasksOn } from './samples.ts';
import { knownTaskManager, noFile } from './task-manager-routes.ts';

type Parts = Readonly<Record<string, string>>;

/** Without `rest.profiling.enabled` the handlers are not registered: as if the paths did not exist. */
const guarded = (route: RestRoute): RestRoute => ({
  ...route,
  run(cluster, call, parts) {
    if (call.faults.samplingOff || !cluster.settings.flag('rest.profiling.enabled', false))
      throw new NotARoute(call.method, call.request.url ?? call.path, false);
    return route.run(cluster, call, parts);
  },
});

/** A JobManager goes by this name in the names of its files. */
const JOB_MANAGER = 'JobManager';
const taskManagerOf = (cluster: FlinkCluster, parts: Parts): string => knownTaskManager(cluster, parts).name;

/** Flame graphs of vertices, and the profilers of processes. */
export const flameRoutes: readonly RestRoute[] = [
  { method: 'GET', pattern: '/jobs/:job/vertices/:vertex/flamegraph', run: flameGraph },
  ...[
    { path: '/jobmanager', processOf: () => JOB_MANAGER },
    { path: '/taskmanagers/:tm', processOf: taskManagerOf },
  ].flatMap(({ path, processOf }) =>
    (
      [
        {
          method: 'GET',
          pattern: `${path}/profiler`,
          run: (cluster, _call, parts) => ({ profilingList: cluster.profilers.of(processOf(cluster, parts)).map(profileAnswer) }),
        },
        { method: 'POST', pattern: `${path}/profiler`, run: (cluster, call, parts) => start(cluster, call, processOf(cluster, parts)) },
        {
          method: 'GET',
          pattern: `${path}/profiler/:file`,
          run: (cluster, _call, parts) => page(cluster, processOf(cluster, parts), parts['file'] ?? ''),
        },
      ] satisfies readonly RestRoute[]
    ).map(guarded),
  ),
];

/** Samples of one task; default of rest.flamegraph.num-samples. */
const SAMPLES = 100;
/** What Flink answers instead of a time. Source: VertexFlameGraph, Flink 2.3. */
const ENDED = { endTimestamp: -1 };
const OFF = { endTimestamp: -2 };
const WAIT = { endTimestamp: -3 };

function flameGraph(cluster: FlinkCluster, { faults, query }: RestCall, parts: Parts): unknown {
  const job = jobPart(cluster, parts);
  const vertex = vertexPart(job, parts);
  const asked = query.get('type') ?? 'FULL';
  const type = FLAME_TYPES.find((one) => one === asked.toUpperCase());
  if (type === undefined) throw unresolved('query', 'type', asked);
  const only = query.get('subtaskindex');
  const tasks = only === null ? vertex.tasks : vertex.tasks.filter(({ subtask }) => String(subtask) === only);
  if (tasks.length === 0) throw refused(404, `Invalid subtask index for vertex ${vertex.id}`);
  if (faults.samplingOff || !cluster.settings.flag('rest.flamegraph.enabled', false)) return OFF;
  if (tasks.every(({ state }) => isEnded(state))) return ENDED;
  const at = cluster.flames.ask(`${job.id}/${vertex.id}`);
  if (at === undefined) return WAIT;
  const stacks = tasks
    .filter(({ state }) => state === 'RUNNING')
    .flatMap((task) => sampled({ job, vertex, task }, { at, samples: SAMPLES }, type));
  return { endTimestamp: at, data: flameTree('root', merged(stacks)) };
}

/** Stacks that are alike, once. */
const merged = (stacks: readonly CountedStack[]): readonly CountedStack[] =>
  [...Map.groupBy(stacks, ({ frames }) => frames.join('\n')).values()].map((same) => ({
    frames: same[0]?.frames ?? [],
    samples: same.reduce((sum, { samples }) => sum + samples, 0),
  }));

/** The mode has a hidden twin. Measured, Flink 2.3.0. */
const profileAnswer = (profile: Profile): unknown => ({ ...profile, profilingMode: profile.mode });

/** Default of rest.profiling.duration-max, in seconds. */
const LONGEST = 300;

async function start(cluster: FlinkCluster, call: RestCall, process: string): Promise<unknown> {
  const body = await bodyRecord(call.request, 'ProfilingRequestBody');
  const seconds = Number(body['duration'] ?? 0);
  const mode = PROFILE_MODES.find((one) => one === body['mode']);
  if (!(seconds > 0 && seconds <= LONGEST))
    throw internal(`java.lang.IllegalArgumentException: \`duration\` must be set between (0s, ${LONGEST}s].`);
  const profile = cluster.profilers.start(process, mode, seconds);
  if (profile === undefined) throw internal(`java.lang.IllegalStateException: ${process} is still under profiling.`);
  return profileAnswer(profile);
}

function page(cluster: FlinkCluster, process: string, file: string): RestAnswer {
  const profile = cluster.profilers.of(process).find(({ outputFile }) => outputFile === file);
  if (profile?.mode === undefined || profile.mode === null || profile.finishedTime === null)
    throw process === JOB_MANAGER ? noLogFile() : noFile(process, `The file ${file} does not exist on the TaskExecutor.`);
  return new RestAnswer(200, pageOf(flameTree('all', stacksOf(cluster, process, profile.mode, profile))), 'text/plain');
}

function stacksOf(cluster: FlinkCluster, process: string, mode: ProfileMode, { duration, finishedTime }: Profile): readonly CountedStack[] {
  if (process === JOB_MANAGER) return profiledJobManager(mode, duration);
  return merged(profiled(tasksOn(cluster, process), { mode, seconds: duration, at: finishedTime ?? cluster.now() }));
}

/** The part of async-profiler's page that tells: the frames. A browser would need its script as well. */
const pageOf = (root: Parameters<typeof profileLines>[0]): string =>
  `<!DOCTYPE html>\n<html lang='en'>\n<body style='font: 12px Verdana, sans-serif'>\n<h1>Profile of the sandbox</h1>\n<script>\n${profileLines(root).join('\n')}\n\nsearch();\n</script></body></html>\n`;
