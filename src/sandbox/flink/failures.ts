/** An exception as Java prints it. */
export interface Failure {
  readonly exceptionName: string;
  readonly stacktrace: string;
  /** What a failure enricher of the cluster says about it: whose fault it is. */
  readonly blames: 'USER' | 'SYSTEM';
}

const frames = (...lines: readonly string[]): string => lines.map((line) => `\tat ${line}\n`).join('');

const TASK_FRAMES = frames(
  'org.apache.flink.streaming.runtime.tasks.CopyingChainingOutput.pushToOperator(CopyingChainingOutput.java:75)',
  'org.apache.flink.streaming.runtime.tasks.OneInputStreamTask$StreamTaskNetworkOutput.emitRecord(OneInputStreamTask.java:245)',
  'org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput.processElement(AbstractStreamTaskNetworkInput.java:206)',
  'org.apache.flink.streaming.runtime.io.StreamOneInputProcessor.processInput(StreamOneInputProcessor.java:65)',
  'org.apache.flink.streaming.runtime.tasks.StreamTask.processInput(StreamTask.java:647)',
  'org.apache.flink.streaming.runtime.tasks.mailbox.MailboxProcessor.runMailboxLoop(MailboxProcessor.java:231)',
  'org.apache.flink.streaming.runtime.tasks.StreamTask.invoke(StreamTask.java:912)',
  'org.apache.flink.runtime.taskmanager.Task.doRun(Task.java:774)',
  'org.apache.flink.runtime.taskmanager.Task.run(Task.java:573)',
  'java.base/java.lang.Thread.run(Thread.java:840)',
);

const RPC_FRAMES = frames(
  'org.apache.flink.runtime.rpc.pekko.PekkoRpcActor.handleRpcInvocation(PekkoRpcActor.java:316)',
  'org.apache.flink.runtime.rpc.pekko.PekkoRpcActor.handleMessage(PekkoRpcActor.java:174)',
  'org.apache.pekko.actor.ActorCell.invoke(ActorCell.scala:557)',
  'org.apache.pekko.dispatch.Mailbox.run(Mailbox.scala:234)',
  'java.base/java.util.concurrent.ForkJoinWorkerThread.run(ForkJoinWorkerThread.java:165)',
);

/** Exceptions of user code; each takes the entry class. */
export const programFailures: readonly ((entryClass: string) => Failure)[] = [
  (entryClass) =>
    thrown('java.lang.RuntimeException', 'record could not be processed', entryClass, [
      ['java.lang.IllegalStateException', 'no customer for order 48151623'],
      ['java.io.IOException', 'disk quota exceeded on /data/volume-7'],
    ]),
  (entryClass) => thrown('java.lang.NumberFormatException', 'For input string: "12,50"', entryClass, []),
  (entryClass) =>
    thrown(
      'org.apache.flink.util.FlinkRuntimeException',
      'Failed to send data to Kafka orders-enriched-2@-1 with FlinkKafkaInternalProducer',
      entryClass,
      [
        [
          'org.apache.kafka.common.errors.TimeoutException',
          'Expiring 14 record(s) for orders-enriched-2:120000 ms has passed since batch creation',
        ],
      ],
    ),
];

function thrown(exceptionName: string, message: string, entryClass: string, causes: readonly (readonly [string, string])[]): Failure {
  const file = `${entryClass.split('.').at(-1) ?? entryClass}.java`;
  const own = frames(
    `${entryClass}$Process.map(${file}:85)`,
    `${entryClass}$Process.map(${file}:72)`,
    'org.apache.flink.streaming.api.operators.StreamMap.processElement(StreamMap.java:37)',
  );
  const below = causes.map(
    ([name, text], index) =>
      `Caused by: ${name}: ${text}\n${frames(`${entryClass}.layer${index + 1}(${file}:${60 + index})`)}\t... 12 more\n`,
  );
  return { exceptionName, stacktrace: `${exceptionName}: ${message}\n${own}${TASK_FRAMES}${below.join('')}`, blames: 'USER' };
}

/** The end of a job that has no restart left. Source: ExecutionFailureHandler, Flink 2.3. */
export function recoverySuppressed(restarts: number, cause: Failure): Failure {
  const exceptionName = 'org.apache.flink.runtime.JobException';
  const strategy =
    restarts === 0
      ? 'NoRestartBackoffTimeStrategy'
      : `FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=${restarts}, backoffTimeMS=1200)`;
  const top = frames(
    'org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.handleFailure(ExecutionFailureHandler.java:213)',
    'org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.getFailureHandlingResult(ExecutionFailureHandler.java:135)',
    'org.apache.flink.runtime.scheduler.DefaultScheduler.recordTaskFailure(DefaultScheduler.java:287)',
  );
  return {
    exceptionName,
    stacktrace: `${exceptionName}: Recovery is suppressed by ${strategy}\n${top}${RPC_FRAMES}Caused by: ${cause.stacktrace}`,
    blames: cause.blames,
  };
}

/** The TaskManager of a task is gone. */
export function taskManagerLost(taskManager: string, reason: string): Failure {
  const exceptionName = 'org.apache.flink.runtime.jobmaster.JobMasterException';
  return {
    exceptionName,
    stacktrace: `${exceptionName}: TaskManager with id ${taskManager} is no longer reachable: ${reason}\n${RPC_FRAMES}`,
    blames: 'SYSTEM',
  };
}

/** No slots became free in time. */
export function noSlots(ms: number): Failure {
  const exceptionName = 'org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException';
  return {
    exceptionName,
    stacktrace: `${exceptionName}: Could not acquire the minimum required resources.\n${RPC_FRAMES}Caused by: java.util.concurrent.TimeoutException: Timeout has occurred: ${ms} ms\n${RPC_FRAMES}`,
    blames: 'SYSTEM',
  };
}

/** The API server's refusal of a TaskManager pod, as Flink's client throws it. */
export function refusedBy(how: 'forbidden' | 'quota', pod: string, namespace: string): string {
  const message =
    how === 'forbidden'
      ? `pods is forbidden: User "system:serviceaccount:${namespace}:default" cannot create resource "pods" in API group "" in the namespace "${namespace}"`
      : `pods "${pod}" is forbidden: exceeded quota: compute, requested: limits.memory=1728Mi, used: limits.memory=5056Mi, limited: limits.memory=6Gi`;
  return `java.util.concurrent.CompletionException: io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: https://10.96.0.1:443/api/v1/namespaces/${namespace}/pods. Message: ${message}.`;
}

/** A stack trace whose first line is `line` and whose causes follow, as REST errors carry it. */
export function javaTrace(line: string, causes: readonly string[] = []): string {
  const own = frames(
    'org.apache.flink.runtime.rest.handler.AbstractHandler.respondAsLeader(AbstractHandler.java:196)',
    'org.apache.flink.runtime.rest.handler.LeaderRetrievalHandler.channelRead0(LeaderRetrievalHandler.java:84)',
    'java.base/java.lang.Thread.run(Thread.java:840)',
  );
  return `${line}\n${own}${causes.map((cause) => `Caused by: ${cause}\n${frames('java.base/java.util.concurrent.CompletableFuture$AsyncSupply.run(CompletableFuture.java:1768)')}\t... 2 more\n`).join('')}`;
}
