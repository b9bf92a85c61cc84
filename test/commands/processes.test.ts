import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { clusterConfiguration } from '../../src/flink/schemas/cluster.ts';
import { jvmEnvironment, taskManagerDetail } from '../../src/flink/schemas/processes.ts';
import { captureText } from '../flink/rest-server.ts';
import { fakeFlink } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const read = <S extends z.ZodMiniType>(schema: S, name: string): z.output<S> => z.parse(schema, JSON.parse(captureText(name)));

const operator = () => {
  const sat = desk({
    flink: fakeFlink({
      taskManager: async () => read(taskManagerDetail, 'taskmanager'),
      taskManagerMetrics: async () => new Map([['Status.JVM.CPU.Load', 0.25]]),
      jobManagerMetrics: async () => new Map([['Status.JVM.Memory.Heap.Used', 65 * 2 ** 20]]),
      clusterConfiguration: async () => read(clusterConfiguration, 'jobmanager-config'),
      jvmEnvironment: async () => ({
        ...read(jvmEnvironment, 'jobmanager-environment'),
        options: ['-Xmx1g', '-Djavax.net.ssl.keyStorePassword=abc'],
      }),
    }),
  });
  sat.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
  sat.store.jobs(job({ name: 'orders', id: 'b70d24eecc0ebe339a8b0f36d1fb240d' }));
  return {
    ...sat,
    async facts(line: string) {
      await sat.run(line);
      const view = sat.front.views.at(-1);
      if (view?.kind !== 'facts') throw new Error('no facts were shown');
      return view;
    },
  };
};

test('taskmanager shows each part of the memory, and the names of the jobs in its slots', async () => {
  const { text, data } = await operator().facts('taskmanager tm1-1');
  expect(text).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^JVM heap +49Mi +331Mi +15%$/),
      expect.stringMatching(/^- task heap +- +203Mi$/),
      expect.stringMatching(/^CPU load +25% +25%$/),
      '3 of 4 slots in use',
      expect.stringMatching(/^ +1 {2}orders +3 +50Mi +32Mi +16Mi$/),
    ]),
  );
  expect(data).toMatchObject({ process: 'c1-taskmanager-1-1', cpuLoad: 0.25, threads: null, slots: { total: 4, free: 1 } });
});

test('taskmanager refuses the JobManager, and says what shows it', async () => {
  expect(await operator().says('taskmanager jm')).toBe('jobmanager-x2b7k is not a TaskManager. jobmanager shows the JobManager.');
});

test('jobmanager shows its memory', async () => {
  expect((await operator().facts('jobmanager')).text).toContainEqual(expect.stringMatching(/^JVM heap +65Mi +624Mi +10%$/));
});

test('jobmanager configuration marks what is not the default', async () => {
  const { text } = await operator().facts('jobmanager configuration');
  expect(text).toEqual(expect.arrayContaining(['* taskmanager.numberOfTaskSlots: 4', '  parallelism.default: 1']));
});

test('jobmanager environment shows the JVM without its passwords', async () => {
  const { text } = await operator().facts('jobmanager environment');
  expect(text.slice(0, 4)).toEqual([
    'JVM              OpenJDK 64-Bit Server VM - Debian - 17/17.0.15+6-Debian-1deb12u1, amd64',
    'Options',
    '  -Xmx1g',
    '  -Djavax.net.ssl.keyStorePassword=******',
  ]);
});
