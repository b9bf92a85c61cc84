import { incident, jobManager, taskManager } from '../build.ts';
import { recorded, type Scenario } from '../scenario.ts';
import { suppressed, failedWith } from './shared.ts';

/** What a job itself fails with. */
export const jobsCauses: readonly Scenario[] = [
  {
    name: 'a checkpoint that waits for a slow subtask',
    recorded: true,
    incident: () => recorded('back-pressure'),
    subject: 'job',
    named: 'Backpressured',
    rule: 'checkpoint-timeout',
    says: /Checkpoint expired before completing/,
    helps: /These subtasks did not acknowledge: 1 of 1 of slow map/,
  },
  {
    name: 'a job that gave up because its checkpoints expired',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'sleepy',
    rule: 'checkpoint-timeout',
    says: /expired before completing$/,
    helps: /execution\.checkpointing\.unaligned\.enabled/,
    not: ['exception'],
  },
  {
    name: 'state that has no directory to go to',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [0, 4],
        registered: [1],
        version: '1.19.3',
        job: {
          checkpoint: {
            failure:
              'Asynchronous task checkpoint failed. Size of the state is larger than the maximum permitted memory-backed state. Size=9437184, maxSize=5242880. Consider using a different checkpoint storage, like the FileSystemCheckpointStorage.',
          },
        },
      }),
    subject: 'job',
    rule: 'state-size',
    says: /larger than the maximum permitted/,
    helps: /state\.checkpoint-storage: filesystem and state\.checkpoints\.dir/,
  },
  {
    name: 'a bucket that tasks may not write to',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [0, 4],
        registered: [1],
        job: {
          checkpoint: {
            failure:
              'Asynchronous task checkpoint failed. Could not flush and close the file system output stream to s3://bucket/checkpoints/chk-8 in order to obtain the stream state handle. Access Denied',
          },
        },
      }),
    subject: 'job',
    rule: 'checkpoint-storage',
    says: /Could not flush and close/,
    helps: /execution\.checkpointing\.dir/,
  },
  {
    name: 'a savepoint of an older program',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'CarTopSpeedWindowingExample',
    rule: 'state-mapping',
    says: /Cannot map checkpoint\/savepoint state/,
    helps: /--allowNonRestoredState/,
  },
  {
    name: 'a job that may not be restarted any more',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'Fails after 50 records',
    rule: 'exception',
    says: /java\.io\.IOException: disk quota exceeded/,
    helps: /restarted 2 times, and restart-strategy\.fixed-delay\.attempts/,
  },
  {
    name: 'a library thread that outlives its job',
    recorded: false,
    incident: () =>
      failedWith(
        suppressed(
          'java.lang.IllegalStateException: Trying to access closed classloader. Please check if you store classloaders directly or indirectly in static fields.',
        ),
      ),
    subject: 'job',
    rule: 'closed-class-loader',
    says: /closed classloader/,
    helps: /classloader\.check-leaked-classloader/,
  },
  {
    name: 'a jar for a newer Java',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'orders-21',
    rule: 'java-version',
    says: /class file version 65/,
    helps: /needs Java 21, and the process runs on Java 17/,
  },
  {
    name: 'own options for Java that forget those of Flink',
    recorded: false,
    incident: () =>
      failedWith(
        suppressed(
          'java.lang.reflect.InaccessibleObjectException: Unable to make field private final java.lang.Object[] java.util.Arrays$ArrayList.a accessible: module java.base does not "opens java.util" to unnamed module @1',
        ),
      ),
    subject: 'job',
    rule: 'closed-module',
    says: /opens java\.util/,
    helps: /env\.java\.opts\.all/,
  },
  {
    name: 'an answer that is larger than a message may be',
    recorded: false,
    incident: () =>
      failedWith(
        suppressed("java.io.IOException: The method requestJobDetails's result size 11534452 exceeds the maximum size 10485760 ."),
      ),
    subject: 'job',
    rule: 'rpc-frame',
    says: /11534452/,
    helps: /pekko\.framesize, more than 11534452b; it is 10485760b/,
  },
  {
    name: 'a savepoint with another maximum parallelism',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'orders-64',
    rule: 'max-parallelism',
    says: /Max parallelism mismatch/,
    helps: /pipeline\.max-parallelism has to be 128/,
    not: ['state-mapping'],
  },
  {
    name: 'a savepoint that only this machine sees',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'orders-path',
    rule: 'savepoint-path',
    says: /savepoint-1/,
    helps: /looked for by the JobManager/,
  },
  {
    name: 'state of another type',
    recorded: false,
    incident: () =>
      failedWith(
        suppressed(
          'org.apache.flink.util.StateMigrationException: For heap backends, the new state serializer (org.apache.flink.api.common.typeutils.base.LongSerializer@1) must not be incompatible with the old state serializer (org.apache.flink.api.common.typeutils.base.StringSerializer@2).',
        ),
      ),
    subject: 'job',
    rule: 'state-types',
    says: /must not be incompatible/,
    helps: /another name/,
  },
];
