import { incident, jobManager, jobManagerName, looping, taskManager } from '../build.ts';

/** A stack trace as Flink reports it. */
export const suppressed = (cause: string): string =>
  `org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\n\tat a.b.C.d(C.java:1)\nCaused by: ${cause}\n\tat e.f.G.h(G.java:2)`;

/** The job failed on the first TaskManager, which runs. */
export const failedWith = (stack: string, state = 'FAILED') =>
  incident({ pods: [jobManager(), taskManager(1)], slots: [4, 4], registered: [1], job: { state, failures: [{ stack, on: 1 }] } });

/** The JobManager crashes again and again with this end of its log. */
export const crashing = (exitCode: number, ...log: readonly string[]) =>
  incident({ pods: [jobManager(looping(exitCode))], logs: { [`${jobManagerName} before`]: log } });

export const fatal =
  '2026-11-28 03:59:40,316 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint        [] - Fatal error occurred in the cluster entrypoint.';

export const driver = (name: string, message: string): string =>
  `2026-11-28 03:59:34,728 WARN  org.apache.flink.kubernetes.KubernetesResourceManagerDriver  [] - Could not create pod ${name}, exception: java.util.concurrent.CompletionException: io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: https://10.96.0.1:443/api/v1/namespaces/flink/pods. Message: ${message}. Received status: Status(apiVersion=v1, code=403)`;

export const configuration = { 'taskmanager.memory.process.size': '1728m', 'taskmanager.numberOfTaskSlots': '4' };
