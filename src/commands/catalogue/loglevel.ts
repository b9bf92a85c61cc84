import { effectiveLevel } from '../../config/logging/logging-files.ts';
import { levelOf, logLevels, readLevel, readLogger, rootLogger, type LogLevel } from '../../config/logging/levels.ts';
import { names } from '../../native/names.ts';
import { formatSpan, formatTime } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { declined } from '../model/declined.ts';
import type { CommandContext } from '../model/types.ts';
import { levelFacts } from '../procedures/level-facts.ts';
import { carryOut, levelQuestion, type LevelPlan, type LevelWish, loggingFileOf, planLevel, takeBack } from '../procedures/log-level.ts';

export const loglevel = command({
  name: 'loglevel',
  summary: 'Show the log levels of the cluster, or change one while it runs',
  details:
    'Without a level it shows those that hold. LOGGER is a package or a class and covers everything below it; without one it is the root logger. ' +
    'The logging file in the ConfigMap flink-config-CLUSTER is changed, so that all pods take the level over, also those that start later. What is changed is shown first, and how long it took is seen in the logs. ' +
    'A comment in the file keeps what stood there: --undo takes it back, from any machine. --for does so after a while, but only as long as drey runs. All processes have the same file, so there are no levels of single pods. A cluster that an operator manages loses the level with its next upgrade.',
  group: 'pods',
  examples: ['loglevel', 'loglevel DEBUG --for 10m', 'loglevel org.apache.flink.runtime.checkpoint DEBUG', 'loglevel --undo'],
  args: {
    logger: optional(arg.text('Name of a logger, or a level for the root logger', logLevels)),
    level: optional(arg.logLevel(`Its level: ${logLevels.join(', ')}`)),
  },
  options: {
    for: option.duration('TIME', 'Take it back after this time, such as 10m'),
    undo: option.flag('Take back what drey set: of the logger, or all of it'),
  },
  shell: { kind: 'run' },
  danger: 'confirm',
  dangerOf: ({ logger, level, undo }) => (undo === true || wishedLevel(logger, level) !== undefined ? 'confirm' : 'safe'),
  source: 'kubernetes',
  access: ({ target }, { logger, level, undo }) =>
    undo || wishedLevel(logger, level) !== undefined
      ? [{ verb: 'patch', resource: 'configmaps', namespace: target.namespace, name: names.configMap(target.clusterId) }]
      : [],
  async run(context, given) {
    const wish = wishOf(given);
    if (wish === undefined) return await show(context, given.logger);
    const plan = await planLevel(context, wish);
    if (plan.text === plan.was) return context.front.print([unchanged(plan)]);
    const { front, store } = context;
    const agreed = front.agrees === undefined || (await front.agrees(levelQuestion(plan, store.get().target.clusterId)));
    return agreed ? await change(context, plan) : declined(context, 'loglevel: nothing was changed.');
  },
});

/** The level in `loglevel DEBUG` and `loglevel LOGGER DEBUG`; undefined: none is set. */
const wishedLevel = (first: string | undefined, level: LogLevel | undefined): LogLevel | undefined =>
  level ?? (first === undefined ? undefined : levelOf(first));

function wishOf({
  logger: first,
  level,
  undo,
  for: forMs,
}: {
  readonly logger: string | undefined;
  readonly level: LogLevel | undefined;
  readonly undo: boolean;
  readonly for: number | undefined;
}): LevelWish | undefined {
  if (undo && (wishedLevel(first, level) !== undefined || forMs !== undefined))
    throw new Problem('usage', '--undo takes no level and no time.');
  if (undo) return { logger: first === undefined ? undefined : readLogger(first), level: undefined };
  if (first !== undefined && level !== undefined) {
    if (levelOf(first) !== undefined)
      throw new Problem('usage', `"${first}" is a level, not a logger.`, { hint: 'The logger comes first: loglevel LOGGER LEVEL.' });
    return { logger: readLogger(first), level, forMs };
  }
  // Something with a dot is a logger to look at; any other word was meant as a level.
  if (first !== undefined && (levelOf(first) !== undefined || !(first.includes('.') || first.toLowerCase() === rootLogger)))
    return { logger: rootLogger, level: readLevel(first), forMs };
  if (forMs !== undefined) throw new Problem('usage', '--for needs a level.');
  return undefined;
}

async function show(context: CommandContext, wanted: string | undefined): Promise<void> {
  const { cluster, front, clock, signal } = context;
  const logger = wanted === undefined ? undefined : readLogger(wanted);
  const files = await cluster.files.read(signal);
  const { file, text } = await loggingFileOf(context, files);
  if (logger !== undefined) {
    const level = effectiveLevel(file.levels(text), logger);
    return await front.show({
      kind: 'facts',
      title: 'Log level',
      text: [`${logger}: ${level ?? 'not known, the environment of the processes decides'}`],
      data: { logger, level: level ?? null },
    });
  }
  await front.show({ kind: 'facts', title: 'Log levels', ...levelFacts(file, text, files.configMap, clock.now()) });
}

const unchanged = ({ wish }: LevelPlan): string =>
  wish.level === undefined
    ? `drey has set no level${wish.logger === undefined ? '' : ` of ${wish.logger}`} here; nothing was changed.`
    : `The level of ${wish.logger} is ${wish.level} already; nothing was changed.`;

/** As an operation: it goes on while something else is typed. */
async function change(context: CommandContext, plan: LevelPlan): Promise<void> {
  const { front, operations, clock } = context;
  const { wish } = plan;
  const title = wish.level === undefined ? 'Take back log levels' : `Log level of ${wish.logger}: ${wish.level}`;
  await operations.track({ title, kind: 'log-level', jobId: undefined }, async ({ progress }, signal) => {
    const begun = clock.now();
    progress('waiting until it is seen in the pods');
    const seen = await carryOut(context, plan, signal);
    front.print(seen, 'good');
    if (wish.level === undefined || wish.forMs === undefined) return { value: undefined, result: seen.join(' ') };
    const end = begun + wish.forMs;
    front.print([`It is taken back at ${formatTime(end)}, if drey still runs then; loglevel --undo does it now.`]);
    progress(`until ${formatTime(end)}`);
    await clock.sleep(Math.max(0, end - clock.now()), signal);
    const back = await takeBack(context, wish.logger, signal);
    const result =
      back === undefined
        ? `The level of ${wish.logger} was changed in the meantime; nothing was taken back.`
        : `The level of ${wish.logger} is taken back after ${formatSpan(wish.forMs)}.`;
    front.print([result, ...(back ?? [])], 'good');
    return { value: undefined, result };
  });
}
