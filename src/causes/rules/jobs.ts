import { optionName } from '../options.ts';
import type { Signature } from '../signature.ts';

/** Why a job fails, from a text. Sources: Flink 2.3, the classes beside each. */
export const jobSignatures: readonly Signature[] = [
  {
    // `MemCheckpointStreamFactory`
    id: 'state-size',
    finds: 'State is too large to be kept by the JobManager, because there is no checkpoint directory',
    signs: /Size of the state is larger than the maximum permitted memory-backed state/,
    wraps: true,
    lasting: true,
    advice: ({ flinkVersion }) => [
      `keep checkpoints in files: ${optionName('execution.checkpointing.storage', flinkVersion)}: filesystem and ${optionName('execution.checkpointing.dir', flinkVersion)}.`,
    ],
  },
  {
    // `Checkpoints`, `StateAssignmentOperation`
    id: 'state-mapping',
    finds: 'The state of a savepoint belongs to an operator that the program does not have',
    signs: /Cannot map (?:checkpoint\/savepoint|\w+) state for operator|There is no operator for the state/,
    wraps: true,
    lasting: true,
    advice: () => [
      'give each operator the uid that it had when the savepoint was taken, or start with --allowNonRestoredState (-n), which drops that state.',
    ],
  },
  {
    id: 'max-parallelism',
    finds: 'The maximum parallelism is not that of the savepoint',
    signs:
      /Max parallelism mismatch between checkpoint\/savepoint state and new program(?:\. Cannot map operator \S+ with max parallelism (\d+))?/,
    wraps: true,
    lasting: true,
    advice: ({ match }) => [
      `pipeline.max-parallelism has to be ${match[1] ?? 'what it was when the savepoint was taken'}: state cannot be moved to other key groups.`,
    ],
  },
  {
    id: 'savepoint-path',
    finds: 'The savepoint is not where the job looks for it',
    signs: /Cannot find (?:meta data file|checkpoint or savepoint file\/directory)/,
    wraps: true,
    lasting: true,
    advice: () => ['the path is looked for by the JobManager, not by this machine: it must be on storage that the pods reach.'],
  },
  {
    id: 'state-types',
    finds: 'The types of the state have changed',
    signs: /must not be incompatible(?: with the old)?/,
    wraps: true,
    lasting: true,
    advice: () => ['keep the type as it was, or give its state another name; a migration needs a serializer that can read the old form.'],
  },
  {
    // `FlinkUserCodeClassLoaders.SafetyNetWrapperClassLoader`
    id: 'closed-class-loader',
    finds: 'A thread of a library outlived its job and loads a class',
    signs: /Trying to access closed classloader/,
    wraps: true,
    advice: () => [
      'the stack names the library: close it when the job ends, or put its jar into lib/ of the image; classloader.check-leaked-classloader: false only hides it.',
    ],
  },
  {
    // `TaskCancelerWatchDog`
    id: 'stuck-task',
    finds: 'A task did not end when it was canceled, so its TaskManager ended itself',
    signs: /Task did not exit gracefully within (\d+) ?\+? ?seconds/,
    wraps: true,
    conclusions: ({ match }) => [`Code of the task did not return for ${match[1]} s, and ignored that it was interrupted.`],
    advice: () => ['threads POD shows where it hangs while it does; task.cancellation.timeout only waits longer.'],
  },
  {
    // `PekkoInvocationHandler`, `PekkoRpcActor`
    id: 'rpc-frame',
    finds: 'An answer between the processes is larger than one message may be',
    signs: /result size (\d+) exceeds the maximum size (\d+)|rpc invocation size (\d+)? ?exceeds the maximum/,
    wraps: true,
    advice: ({ match }) => [
      `larger messages: pekko.framesize${match[1] === undefined ? '' : `, more than ${match[1]}b`}; it is ${match[2] ?? '10485760'}b${match[2] === undefined ? ' unless it is set' : ''}.`,
    ],
  },
  {
    // `LeaderElector` of fabric8, `DefaultLeaderElectionService`
    id: 'leadership',
    finds: 'The JobManager could not renew its leadership in time',
    signs: /Renew deadline reached after (\d+) seconds|lost leadership|[Rr]evoked leadership/,
    wraps: true,
    conclusions: () => ['Either the API server answered too late, or the JobManager had no CPU to ask it.'],
    advice: () => [
      'more CPU for the JobManager: kubernetes.jobmanager.cpu.limit-factor; more patience: high-availability.kubernetes.leader-election.lease-duration and .renew-deadline, which must not be longer.',
    ],
  },
  {
    // `KubernetesLeaderElector`, `KubernetesStateHandleStore`
    id: 'deleted-ha',
    finds: 'A ConfigMap of high availability was deleted while the cluster ran',
    signs: /ConfigMap (\S+) (?:has been|was) deleted externally|ConfigMap (\S+) does not exists?\. It may be deleted/,
    wraps: true,
    advice: () => ['the jobs that it named are known to nobody now: submit each again with -s and its last checkpoint.'],
  },
  {
    id: 'ha-storage',
    finds: 'The storage of high availability cannot be used',
    signs:
      /Could not create FileSystem for highly available storage|base directory of the (?:Job|Application)ResultStore isn't accessible|high-availability\.storageDir|Could not (?:store|retrieve|persist) .*(?:job ?graph|blob).*(?:HA|highly)/i,
    wraps: true,
    advice: () => ['high-availability.storageDir: a path that every pod may write to, and whose file system has its plug-in.'],
  },
  {
    // `TaskExecutor.RegistrationTimeoutException`
    id: 'registration-timeout',
    finds: 'A TaskManager could not register at the JobManager',
    signs: /Could not register at the ResourceManager within the specified maximum registration duration/,
    wraps: true,
    advice: () => [
      'look at the DNS of its pod, at network policies and at the ports that a service mesh takes (6122 to 6124): taskmanager.registration.timeout only hides it.',
    ],
  },
  {
    id: 'checkpoint-storage',
    finds: 'A task or the JobManager cannot write to the storage of checkpoints',
    signs:
      /(?:Could not (?:materialize|flush and close|open output stream)|Could not finalize checkpoint|Failure to finalize checkpoint|Failed to create directory for shared state|Mkdirs failed)/,
    wraps: true,
    advice: ({ flinkVersion }) => [
      `${optionName('execution.checkpointing.dir', flinkVersion)} must be a path that the JobManager and every TaskManager may write to, with the same credentials.`,
    ],
  },
];
