import type { ConfigurationFiles, FileReader } from '../../cluster/model/types.ts';
import { isMoreDetailed, type LogLevel, rootLogger } from '../../config/logging/levels.ts';
import { loggingFiles, effectiveLevel, withLevel, withoutLevels } from '../../config/logging/logging-files.ts';
import type { LoggingFile } from '../../config/logging/types.ts';
import { isoTime } from '../../support/machine-text.ts';
import { formatSpan } from '../../support/format.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import type { CommandContext, Doubt } from '../model/types.ts';
import { answerWithin, bonusMs } from '../model/wait.ts';
import { fileDiff } from './file-diff.ts';
import { seeLevel, syncMs } from './level-seen.ts';

/** What is wanted of a logger. `level` undefined: what drey set is taken back, without a logger all of it. */
export type LevelWish =
  | { readonly logger: string; readonly level: LogLevel; readonly forMs: number | undefined }
  | { readonly logger: string | undefined; readonly level: undefined };

/** A change of the logging file, fixed before the question. */
export interface LevelPlan {
  readonly wish: LevelWish;
  readonly file: LoggingFile;
  readonly before: ConfigurationFiles;
  /** The file as it is, and as it will be. */
  readonly was: string;
  readonly text: string;
  readonly readers: readonly FileReader[];
  /** The kubelets may be asked to sync. */
  readonly maySync: boolean;
  /** The level that the logger has; undefined: not known. */
  readonly level: LogLevel | undefined;
}

/** The logging file by which the processes of this cluster log. Flink ships both, so the class path of the JobManager decides. */
export async function loggingFileOf(
  context: CommandContext,
  { files, configMap }: ConfigurationFiles,
): Promise<{ readonly file: LoggingFile; readonly text: string }> {
  const there = loggingFiles.filter(({ name }) => files[name] !== undefined);
  const usual = there[0];
  if (usual === undefined)
    throw new Problem('not-found', `ConfigMap ${configMap} has neither ${loggingFiles.map(({ name }) => name).join(' nor ')}.`, {
      hint: 'The processes log as the image says, and a file that is added is not mounted: a new deployment with the file is needed.',
    });
  const environment =
    there.length < 2 ? undefined : await answerWithin(context, bonusMs(context), (signal) => context.flink.jvmEnvironment({ signal }));
  const logback = environment?.classpath.some((entry) => entry.includes('logback-classic')) === true;
  const file = there.find(({ name }) => name.startsWith('logback') === logback) ?? usual;
  return { file, text: files[file.name] ?? '' };
}

export async function planLevel(context: CommandContext, wish: LevelWish): Promise<LevelPlan> {
  const { cluster, kubernetes, store, signal, clock } = context;
  const { namespace } = store.get().target;
  const before = await cluster.files.read(signal);
  const { file, text: was } = await loggingFileOf(context, before);
  const problem = file.unreadable(was);
  if (problem !== undefined) throw problem;
  const [readers, maySync] = await Promise.all([
    cluster.files.readers(file.name, signal),
    // A failed review decides nothing: the server judges the request itself.
    answerWithin(context, bonusMs(context), (limit) => kubernetes.can({ verb: 'patch', resource: 'pods', namespace }, { signal: limit })),
  ]);
  if (readers.length > 0 && readers.every(({ fixed }) => fixed))
    throw new Problem('conflict', `The pods mount ${file.name} alone (subPath), so a change never reaches a running one.`, {
      hint: 'A pod template that mounts the whole folder allows it.',
    });
  const now = clock.now();
  const text =
    wish.level === undefined
      ? withoutLevels(was, wish.logger)
      : withLevel(file, was, {
          logger: wish.logger,
          level: wish.level,
          at: isoTime(now) ?? '',
          until: wish.forMs === undefined ? undefined : isoTime(now + wish.forMs),
        });
  const level = effectiveLevel(file.levels(was), wish.logger ?? rootLogger);
  return { wish, file, before, was, text, readers, maySync: maySync?.allowed !== false, level };
}

/** What is shown and asked before it is sent. */
export function levelQuestion({ wish, file, before, was, text, readers, maySync, level }: LevelPlan, clusterId: string): Doubt {
  const own = wish.level === undefined || wish.logger !== rootLogger ? [] : keepsOwn(file, was);
  const more = wish.level !== undefined && level !== undefined && isMoreDetailed(wish.level, level);
  const interval = file.reread(was) ?? 0;
  return {
    title: wish.level === undefined ? 'Take back log levels' : 'Set a log level',
    action: wish.level === undefined ? 'Take it back' : 'Set the level',
    lines: [
      `${what(wish, level)} in ${readers.length === 1 ? '1 pod' : `${readers.length} pods`} of ${clusterId} and in those that start later. In ConfigMap ${before.configMap}, ${file.name}:`,
      ...fileDiff(was, text),
      ...(own.length === 0 ? [] : [`These keep levels of their own: ${own.join(', ')}.`]),
      ...(more ? ['The lines go to the console and to the log file in each pod.'] : []),
      maySync
        ? `It takes some seconds until the file is in the pods, and up to ${interval} s until they read it.`
        : `You may not patch pods, so it takes up to ${formatSpan(syncMs.alone)} until the file is in the pods, and up to ${interval} s until they read it.`,
      ...(file.name.startsWith('logback') ? ['A file appender with append=false begins its file anew when logback reads this.'] : []),
    ],
  };
}

function what(wish: LevelWish, level: LogLevel | undefined): string {
  if (wish.level === undefined)
    return `This takes back ${wish.logger === undefined ? 'every level' : `the level of ${wish.logger}`} that drey set`;
  const span = wish.forMs === undefined ? '' : ` for ${formatSpan(wish.forMs)}`;
  return `This sets the level of ${wish.logger} to ${wish.level}${level === undefined ? '' : ` (it is ${level})`}${span}`;
}

const keepsOwn = (file: LoggingFile, text: string): readonly string[] =>
  file.levels(text).flatMap(({ logger, level }) => (logger === rootLogger || level === undefined ? [] : [`${logger} ${level}`]));

/** Writes the file, asks the kubelets to bring it, and waits until it is seen to work; resolves with sentences that say when. */
export function carryOut(context: CommandContext, plan: LevelPlan, signal: AbortSignal): Promise<readonly string[]> {
  const { cluster, front } = context;
  const { wish, file, before, text, readers, level } = plan;
  return seeLevel(
    context,
    {
      file: file.name,
      files: before.files,
      text,
      logger: wish.logger ?? rootLogger,
      level: wish.level,
      before: level,
      readers,
      interval: file.reread(plan.was) ?? 0,
    },
    async () => {
      await cluster.files.write(before, file.name, text, signal);
      // The level that is set is shown from now on.
      context.refresh();
      const synced = plan.maySync && (await syncPods(context, readers, signal));
      front.print(
        [`ConfigMap ${before.configMap} is changed${synced ? ', and the kubelets were asked to bring it to the pods' : ''}.`],
        'event',
      );
      return { synced };
    },
    signal,
  );
}

/** True if all of them were asked. */
async function syncPods({ cluster, front }: CommandContext, readers: readonly FileReader[], signal: AbortSignal): Promise<boolean> {
  const ends = await Promise.allSettled(readers.map(({ pod }) => cluster.files.sync(pod, signal)));
  signal.throwIfAborted();
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  // The file comes without it as well, only later.
  if (failed.length > 0) front.print([`Not every kubelet could be asked to bring the file at once: ${sentence(failed[0])}`], 'warn');
  return failed.length === 0;
}

/** Milliseconds until it is tried again to take a level back. */
const againMs = 10_000;

/** Takes back what was set for a while, however long the API server is away; undefined: somebody else has changed it. */
export async function takeBack(context: CommandContext, logger: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
  for (;;) {
    try {
      const plan = await planLevel({ ...context, signal }, { logger, level: undefined });
      if (plan.text === plan.was) return undefined;
      return await carryOut({ ...context, signal }, plan, signal);
    } catch (error) {
      if (isAbort(error) || !(error instanceof Problem) || !passing.has(error.kind)) throw error;
      context.front.print([`The level of ${logger} is not taken back yet: ${sentence(error)}`], 'warn');
      await context.clock.sleep(againMs, signal);
    }
  }
}

const passing: ReadonlySet<string> = new Set(['unreachable', 'unavailable', 'conflict', 'protocol']);
