import { taskManagerMemory } from '../../config/memory/memory.ts';
import { flinkConfig } from '../../config/flink-config.ts';
import { isOutOfMemory } from '../../native/pod-trouble.ts';
import { shortNameOf } from '../../native/pod-names.ts';
import type { PodRole } from '../../native/pod.ts';
import { Problem } from '../../support/problem.ts';
import type { Matter } from '../facts.ts';
import { killedWords, podNamed } from '../failure.ts';
import { proved, rule } from '../rule.ts';
import type { Signature, Told } from '../signature.ts';

/** As Flink reads a size. */
const flinkSize = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)}m`;

const overheadFraction = 'taskmanager.memory.jvm-overhead.fraction';

/** For a container that was killed at its limit: memory outside the JVM's own limits needs more room. */
export const outOfMemoryAdvice = (role: PodRole): string =>
  `more room outside of the JVM's own limits: ${role}.memory.jvm-overhead.fraction or .min; more of everything: ${role}.memory.process.size.`;

/** What twice the share for memory outside of the JVM's limits gives: `jvm-overhead.max` may leave it as it is. */
function computedAdvice(entries: ReadonlyMap<string, string> | undefined, role: PodRole): readonly string[] {
  if (entries === undefined || role !== 'taskmanager') return [];
  const config = flinkConfig(entries);
  try {
    const now = taskManagerMemory(config).overhead;
    const fraction = 2 * Number(entries.get(overheadFraction) ?? 0.1);
    if (!(fraction < 1)) return [];
    const then = taskManagerMemory(config.with({ [overheadFraction]: String(fraction) })).overhead;
    return then > now
      ? [`${overheadFraction}: ${fraction} gives ${flinkSize(then)} outside of the JVM's own limits; it is ${flinkSize(now)} now.`]
      : [
          `taskmanager.memory.jvm-overhead.max keeps ${flinkSize(now)} outside of the JVM's own limits, whatever the fraction: set .min and .max.`,
        ];
  } catch (error) {
    // A configuration that this model of the memory does not take is described by the options alone.
    if (error instanceof Problem) return [];
    throw error;
  }
}

/** How Flink reports the end of a pod that it has lost: `ActiveResourceManager.onWorkerTerminated`, Flink 2.3. */
const reportedKill = /container termination statuses: \[[^\]]*reason=OOMKilled/;

const wasKilled = (matter: Matter): boolean =>
  matter.kind === 'pod' ? isOutOfMemory(matter.pod) : matter.kind === 'exception' && reportedKill.test(matter.exception.stacktrace);

export const memoryLimit = rule({
  id: 'memory-limit',
  finds: 'A container used more memory than its limit',
  about: ['pod', 'exception'],
  asks: ({ matter }) => (wasKilled(matter) ? [{ kind: 'configuration' }] : []),
  judge({ matter, site, answers }) {
    if (!wasKilled(matter)) return undefined;
    const role = matter.kind === 'pod' ? matter.pod.role : 'taskmanager';
    const id = matter.kind === 'pod' ? undefined : matter.exception.taskManagerId;
    const who = id === undefined ? 'it' : (podNamed(id, site)?.shortName ?? shortNameOf(id, role, site.target.clusterId));
    return proved(killedWords(who), {
      conclusions: [
        "The JVM keeps its heap, metaspace and direct memory within their sizes: what grew is outside of them, such as RocksDB's or a library's.",
      ],
      advice: [outOfMemoryAdvice(role), ...computedAdvice(answers({ kind: 'configuration' }), role)],
    });
  },
});

const rocksAdvice = ({ role, configuration }: Told): readonly string[] => {
  const backend = configuration?.get('state.backend.type') ?? 'hashmap';
  return role === 'taskmanager' &&
    configuration !== undefined &&
    backend === 'hashmap' &&
    !configuration.has('taskmanager.memory.managed.fraction')
    ? [
        'the state is on the heap, so managed memory is unused unless there are batch jobs or Python: taskmanager.memory.managed.fraction: 0 gives it to the heap.',
      ]
    : [];
};

/** Buffers that are missing, in bytes: their sizes are those of the message. Source: `NetworkBufferPool`, Flink 2.3. */
function missingBuffers({ match }: Told): readonly string[] {
  const [, required, available, total, bytes] = match;
  if (required === undefined || available === undefined || total === undefined || bytes === undefined) return [];
  const need = (Number(total) + Number(required) - Number(available)) * Number(bytes);
  return [`taskmanager.memory.network.min: ${flinkSize(need)} is what these tasks need on one TaskManager; .max must not be smaller.`];
}

/** Sources: `TaskManagerExceptionUtils`, `NetworkBufferPool`, Flink 2.3. */
export const memorySignatures: readonly Signature[] = [
  {
    id: 'heap',
    finds: 'The heap is full',
    signs: /OutOfMemoryError: Java heap space|GC overhead limit/,
    configured: true,
    advice: (told) => [
      `more heap: ${told.role === 'taskmanager' ? 'taskmanager.memory.task.heap.size' : 'jobmanager.memory.heap.size'}, or ${told.role}.memory.process.size.`,
      ...rocksAdvice(told),
    ],
  },
  {
    id: 'metaspace',
    finds: 'The metaspace is full',
    signs: /OutOfMemoryError: Metaspace/,
    conclusions: () => ['Each job brings its own classes; those of jobs that ended stay if a thread or a static field still holds them.'],
    advice: ({ role }) => [`restart its pod: classes of jobs that ended stay. ${role}.memory.jvm-metaspace.size buys time.`],
  },
  {
    id: 'direct-memory',
    finds: 'The direct memory is full',
    signs: /OutOfMemoryError: (?:Direct buffer memory|Cannot reserve \d+ bytes of direct buffer memory)/,
    advice: ({ role }) => [
      `more direct memory: ${role === 'taskmanager' ? 'taskmanager.memory.task.off-heap.size' : 'jobmanager.memory.off-heap.size'}.`,
    ],
  },
  {
    id: 'network-buffers',
    finds: 'There are too few network buffers',
    signs:
      /Insufficient number of network buffers(?:: required (\d+), but only (\d+) available\. The total number of network buffers is currently set to (\d+) of (\d+) bytes each)?/,
    advice: (told) => ['more network memory: taskmanager.memory.network.fraction, .min or .max.', ...missingBuffers(told)],
  },
];
