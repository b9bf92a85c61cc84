import { expect, test } from 'vitest';
import { propertiesIn } from '../../src/config/logging/properties.ts';
import { Problem } from '../../src/support/problem.ts';
import { settle } from '../support/fakes.ts';
import { configuredSite, log4j, logback, shippedFiles } from './configured-site.ts';

const value = (files: Readonly<Record<string, string>>, key: string): string | undefined =>
  propertiesIn(files[log4j] ?? '').findLast((each) => each.key === key)?.value;

test('a level is set after a question that shows what changes, and each pod is named with the time after which it writes such lines', async () => {
  const site = configuredSite();
  const running = site.run('loglevel DEBUG');
  await settle();
  expect(site.questions[0]?.lines.slice(0, 5)).toEqual([
    'This sets the level of root to DEBUG (it is INFO) in 2 pods of c1 and in those that start later. In ConfigMap flink-config-c1, log4j-console.properties:',
    '- monitorInterval=30',
    '+ monitorInterval=5',
    '- rootLogger.level = ${env:ROOT_LOG_LEVEL:-INFO}',
    '+ rootLogger.level = DEBUG',
  ]);
  expect(site.questions[0]?.lines[5]).toContain('These keep levels of their own: org.apache.pekko INFO, org.apache.kafka INFO');
  expect(site.synced).toEqual(site.follows);
  expect(value(site.files, 'rootLogger.level')).toBe('DEBUG');
  site.say('c1-jobmanager-x2b7k', 'INFO');
  await site.clock.advance(12_000);
  site.say('c1-jobmanager-x2b7k', 'DEBUG');
  await site.clock.advance(9_000);
  site.say('c1-taskmanager-1-1', 'DEBUG');
  expect(await running).toEqual({ kind: 'done' });
  expect(site.front.printed.at(-1)).toBe('Lines at DEBUG are written: jobmanager-x2b7k after 12 s, taskmanager-1-1 after 21 s.');
  expect(site.store.get().operations[0]).toMatchObject({ kind: 'log-level', state: 'succeeded' });
});

test('only lines of the logger prove its level, also if the layout shortens packages', async () => {
  const site = configuredSite({ readers: [{ pod: 'c1-jobmanager-x2b7k', container: 'c', path: '/x', fixed: false }] });
  const running = site.run('loglevel org.apache.flink.runtime.checkpoint DEBUG');
  await settle();
  site.say('c1-jobmanager-x2b7k', 'DEBUG', 'org.apache.flink.runtime.taskexecutor.TaskExecutor');
  await site.clock.advance(3_000);
  site.say('c1-jobmanager-x2b7k', 'DEBUG', 'o.a.f.r.checkpoint.CheckpointCoordinator');
  await running;
  expect(site.front.printed.at(-1)).toBe('Lines of org.apache.flink.runtime.checkpoint at DEBUG are written: jobmanager-x2b7k after 3 s.');
});

test('a logger that has nothing to say is reported with what is known of its file', async () => {
  const site = configuredSite();
  const running = site.run('loglevel org.example TRACE');
  await settle();
  site.inPods = site.files;
  await site.clock.advance(60_000);
  await running;
  expect(site.front.printed.at(-1)).toBe(
    'jobmanager-x2b7k, taskmanager-1-1: the file is there, but no such line came within 60 s; there may be nothing to write at TRACE.',
  );
});

test('a level that writes less does not show in the log: the file in the pods is looked at', async () => {
  const site = configuredSite();
  const running = site.run('loglevel WARN');
  await settle();
  await site.clock.advance(3_000);
  site.inPods = site.files;
  await site.clock.advance(1_000);
  await running;
  expect(site.follows).toEqual([]);
  expect(site.front.printed.at(-1)).toBe(
    'log4j-console.properties is in the pods: jobmanager-x2b7k after 4 s, taskmanager-1-1 after 4 s. They read it within 30 s.',
  );
});

test('without the right to patch pods the question says how long it takes, and without exec what cannot be seen', async () => {
  const forbidden = new Problem('forbidden', 'forbidden: create pods/exec in namespace default (User "viewer").');
  const site = configuredSite({
    kubernetes: { can: async ({ resource }) => ({ allowed: resource !== 'pods' }) },
    files: { inPod: () => Promise.reject(forbidden) },
  });
  const running = site.run('loglevel WARN');
  await settle();
  expect(site.questions[0]?.lines).toContain(
    'You may not patch pods, so it takes up to 90 s until the file is in the pods, and up to 30 s until they read it.',
  );
  expect(site.synced).toEqual([]);
  await running;
  expect(site.front.printed.at(-1)).toBe('jobmanager-x2b7k, taskmanager-1-1: whether the changed file has come cannot be seen.');
});

test('a user who declines changes nothing', async () => {
  const site = configuredSite({ answer: false });
  await site.run('loglevel DEBUG');
  expect(site.files).toEqual(shippedFiles);
  expect(site.front.printed).toEqual(['loglevel: nothing was changed.']);
});

test('in a shell, a user who declines gets a failure', async () => {
  const site = configuredSite({ answer: false, mode: 'one-shot' });
  expect(await site.says('loglevel DEBUG')).toBe('loglevel: nothing was changed.');
  expect(site.files).toEqual(shippedFiles);
});

test('a ConfigMap that somebody else changed is not overwritten', async () => {
  const site = configuredSite();
  site.disturbed = true;
  expect(await site.says('loglevel DEBUG')).toContain('Somebody else changed ConfigMap flink-config-c1');
  expect(site.files).toEqual(shippedFiles);
});

test('a user without the right to patch the ConfigMap is refused in one sentence before anything is read', async () => {
  const site = configuredSite({ kubernetes: { can: async ({ resource }) => ({ allowed: resource !== 'configmaps' }) } });
  expect(await site.says('loglevel DEBUG')).toBe('You are not allowed to patch configmaps in namespace default.');
  expect(await site.says('loglevel')).toBe('done');
  const watching = configuredSite({ readOnly: true });
  expect(await watching.says('loglevel DEBUG')).toBe('loglevel changes the cluster, and this session is read-only.');
  expect(await watching.says('loglevel')).toBe('done');
});

test('with --for the level is taken back when the time is up, to the very same text', async () => {
  const site = configuredSite();
  const running = site.run('loglevel DEBUG --for 10m');
  await settle();
  expect(site.questions[0]?.lines[0]).toContain('to DEBUG (it is INFO) for 10 min in 2 pods');
  for (const pod of site.follows) site.say(pod, 'DEBUG');
  await settle();
  expect(site.front.printed.at(-1)).toBe('It is taken back at 11:44:00, if drey still runs then; loglevel --undo does it now.');
  await site.clock.advance(600_000);
  site.inPods = site.files;
  await site.clock.advance(1_000);
  expect(await running).toEqual({ kind: 'done' });
  expect(site.files).toEqual(shippedFiles);
  expect(site.front.printed.at(-2)).toBe('The level of root is taken back after 10 min.');
});

test('taking back goes on while the API server is away, and leaves a level that somebody else took back alone', async () => {
  let away = false;
  const site = configuredSite();
  const { read } = site.clusterFiles;
  site.clusterFiles.read = (signal) => (away ? Promise.reject(new Problem('unreachable', 'The API server is away.')) : read(signal));
  const running = site.run('loglevel DEBUG --for 60s');
  await settle();
  for (const pod of site.follows) site.say(pod, 'DEBUG');
  away = true;
  await site.clock.advance(60_000);
  expect(site.front.printed.at(-1)).toContain('The level of root is not taken back yet: The API server is away.');
  away = false;
  site.files = { ...shippedFiles };
  await site.clock.advance(10_000);
  await running;
  expect(site.front.printed.at(-1)).toBe('The level of root was changed in the meantime; nothing was taken back.');
  expect(site.front.printed.join(' ')).not.toContain('is taken back after');
});

test('--undo takes back all that drey set, whoever set it and wherever', async () => {
  const site = configuredSite();
  const set = site.run('loglevel org.example DEBUG');
  await settle();
  for (const pod of site.follows) site.say(pod, 'DEBUG', 'org.example.Orders');
  await set;
  const undone = site.run('loglevel --undo');
  await settle();
  expect(site.questions.at(-1)?.title).toBe('Take back log levels');
  expect(site.questions.at(-1)?.lines).toContain('- logger.drey1.level = DEBUG');
  site.inPods = site.files;
  await site.clock.advance(1_000);
  await undone;
  expect(site.files).toEqual(shippedFiles);
  await site.run('loglevel --undo');
  expect(site.front.printed.at(-1)).toBe('drey has set no level here; nothing was changed.');
});

test('loglevel shows the levels that hold, in which file, and what drey set', async () => {
  const site = configuredSite();
  const set = site.run('loglevel org.apache.kafka DEBUG --for 30m');
  await settle();
  for (const pod of site.follows) site.say(pod, 'DEBUG', 'org.apache.kafka.NetworkClient');
  await settle();
  await site.run('loglevel');
  const [view] = site.front.views;
  if (view?.kind !== 'facts') throw new Error('no facts');
  expect(view.text.join('\n')).toMatchInlineSnapshot(`
    "log4j-console.properties in ConfigMap flink-config-c1, which the processes read again every 5 s.

    LOGGER                                          LEVEL  WRITTEN                      SET BY DREY
    root                                            INFO   \${env:ROOT_LOG_LEVEL:-INFO}
    org.apache.pekko                                INFO
    org.apache.kafka                                DEBUG                               0 s ago, until 12:04:00
    org.apache.hadoop                               INFO
    org.apache.zookeeper                            INFO
    org.apache.flink.shaded.zookeeper3              INFO
    org.jboss.netty.channel.DefaultChannelPipeline  OFF
    PythonWorker                                    ALL"
  `);
  expect(view.data).toMatchObject({
    file: log4j,
    intervalSeconds: 5,
    loggers: expect.arrayContaining([{ logger: 'root', level: 'INFO', written: '${env:ROOT_LOG_LEVEL:-INFO}', setAt: null, until: null }]),
  });
  await site.run('loglevel org.apache.kafka.clients');
  expect(site.front.views.at(-1)).toMatchObject({ text: ['org.apache.kafka.clients: DEBUG'] });
  site.end.abort();
  await set;
});

test('the file of logback is the one that counts if the JobManager has logback', async () => {
  const site = configuredSite({ classpath: ['/opt/flink/lib/logback-classic-1.2.13.jar'] });
  expect(await site.says('loglevel DEBUG')).toContain(`${logback} has no scan="true", so no running process reads it again.`);
});

test('pods that mount the file alone never see a change, and so it is refused', async () => {
  const site = configuredSite({ readers: [{ pod: 'c1-jobmanager-x2b7k', container: 'c', path: '/x', fixed: true }] });
  expect(await site.says('loglevel DEBUG')).toBe(
    'The pods mount log4j-console.properties alone (subPath), so a change never reaches a running one. A pod template that mounts the whole folder allows it.',
  );
});

test('without the file in the ConfigMap the reason is named', async () => {
  const site = configuredSite();
  site.files = { 'config.yaml': '' };
  expect(await site.says('loglevel DEBUG')).toContain(
    'ConfigMap flink-config-c1 has neither log4j-console.properties nor logback-console.xml.',
  );
});

const wrong: readonly (readonly [string, string])[] = [
  ['loglevel DEBGU', '"DEBGU" is not a log level.'],
  ['loglevel org.apache.flink DEBGU', '"DEBGU" is not a log level.'],
  ['loglevel INFO DEBUG', '"INFO" is a level, not a logger.'],
  ["loglevel 'org apache' DEBUG", '"org apache" cannot be the name of a logger.'],
  ['loglevel org..apache DEBUG', '"org..apache" cannot be the name of a logger.'],
  ['loglevel org.apache.flink.* DEBUG', '"org.apache.flink.*" cannot be the name of a logger.'],
  ["loglevel 'a=OFF' DEBUG", '"a=OFF" cannot be the name of a logger.'],
  ['loglevel org/apache DEBUG', '"org/apache" cannot be the name of a logger.'],
  ["loglevel '' DEBUG", '"" cannot be the name of a logger.'],
  ['loglevel DEBUG --for 10q', "Time interval unit label 'q' does not match"],
  ['loglevel --for 10m', '--for needs a level.'],
  ['loglevel DEBUG --undo', '--undo takes no level and no time.'],
  ["loglevel 'DEBUG, Console'", '"DEBUG, Console" is not a log level.'],
];
test.each(wrong)('%s never reaches the cluster', async (line, reason) => {
  const site = configuredSite();
  expect(await site.says(line)).toContain(reason);
  expect(site.files).toEqual(shippedFiles);
  expect(site.questions).toEqual([]);
});
