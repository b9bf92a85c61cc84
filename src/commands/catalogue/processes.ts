import { configurationRows, maskedEnvironment } from '../../inside/process/configuration.ts';
import { jobManagerFigures, processMetrics, taskManagerFigures } from '../../inside/process/process.ts';
import { Problem } from '../../support/problem.ts';
import { arg, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';
import { configurationLines, environmentLines, figureData, figureLines } from '../procedures/process-lines.ts';

export const taskmanager = command({
  name: 'taskmanager',
  summary: 'Show the memory, the slots and the garbage collection of a TaskManager',
  details:
    'Each part of the memory with what is configured and what is used of it, the jobs in the slots, network buffers, threads, and the time that goes into garbage collection. What Flink does not measure is shown as -.',
  group: 'pods',
  examples: ['taskmanager taskmanager-1-1', 'taskmanager tm1-1'],
  args: { pod: orHere(arg.pod('Name of the pod of a TaskManager'), 'pod') },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'kubernetes',
  async run({ clock, flink, front, signal, store }, { pod }) {
    if (pod.role !== 'taskmanager')
      throw new Problem('usage', `${pod.shortName} is not a TaskManager.`, { hint: 'jobmanager shows the JobManager.' });
    if (front.enter !== undefined) return front.enter({ kind: 'process', process: { kind: 'taskmanager', id: pod.name }, part: 'figures' });
    const [detail, metrics] = await Promise.all([
      flink.taskManager(pod.name, { signal }),
      flink.taskManagerMetrics(pod.name, processMetrics, { signal }),
    ]);
    const figures = taskManagerFigures(detail, metrics, clock.now());
    return front.show({
      kind: 'facts',
      title: `TaskManager ${pod.shortName}`,
      text: figureLines(figures, store.get().jobs, { now: clock.now(), whole: true }),
      data: { process: pod.name, ...figureData(figures) },
    });
  },
});

const parts = ['memory', 'environment', 'configuration'] as const;

export const jobmanager = command({
  name: 'jobmanager',
  summary: 'Show the memory, the environment or the configuration of the JobManager',
  details:
    'By default it shows the memory, threads and garbage collection. environment shows its JVM, configuration the values that Flink runs with: those that are not the default have a *, and secrets are masked.',
  group: 'pods',
  examples: ['jobmanager', 'jobmanager environment', 'jobmanager configuration'],
  args: { part: optional(arg.choice(parts, 'What to show; default: memory')) },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run(context, { part = 'memory' }) {
    if (context.front.enter !== undefined)
      return context.front.enter({ kind: 'process', process: { kind: 'jobmanager' }, part: part === 'memory' ? 'figures' : 'settings' });
    const { text, data } = await shown[part](context);
    return context.front.show({ kind: 'facts', title: part === 'memory' ? 'JobManager' : `JobManager: ${part}`, text, data });
  },
});

interface Facts {
  readonly text: readonly string[];
  readonly data: unknown;
}

const shown: Readonly<Record<(typeof parts)[number], (context: CommandContext) => Promise<Facts>>> = {
  async memory({ clock, flink, signal, store }) {
    const [configuration, metrics] = await Promise.all([
      flink.clusterConfiguration({ signal }),
      flink.jobManagerMetrics(processMetrics, { signal }),
    ]);
    const figures = jobManagerFigures(configuration, metrics, clock.now());
    return {
      text: figureLines(figures, store.get().jobs, { now: clock.now(), whole: true }),
      data: { process: 'jobmanager', ...figureData(figures) },
    };
  },
  async environment({ flink, signal }) {
    const environment = maskedEnvironment(await flink.jvmEnvironment({ signal }));
    const { version, architecture, options, classpath } = environment;
    return {
      text: environmentLines(environment),
      data: { version: version ?? null, architecture: architecture ?? null, options, classpath },
    };
  },
  async configuration({ flink, signal }) {
    const rows = configurationRows(await flink.clusterConfiguration({ signal }));
    return { text: configurationLines(rows), data: rows.map(({ key, value, standing }) => ({ key, value, standing })) };
  },
};
