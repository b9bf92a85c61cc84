import { getCluster } from '../../cluster/find-clusters.ts';
import { readPods } from '../../cluster/pods/read-pods.ts';
import { consolePatterns, layoutsOf } from '../../inside/log/console-layouts.ts';
import { readEntry } from '../../inside/log/entry.ts';
import type { Layout } from '../../inside/log/layout.ts';
import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { hasLog } from '../../native/main-container.ts';
import { names } from '../../native/names.ts';
import { briefName } from '../../native/pod-names.ts';
import type { Pod } from '../../native/pod.ts';
import { templateReport } from '../../commands/procedures/template-text.ts';
import { levelReader } from '../../session/logs/level-reader.ts';
import { newestFailure } from '../../session/selectors/newest-failure.ts';
import type { Instant } from '../../support/clock.ts';
import { withoutSgr } from '../../support/sgr.ts';
import { loadPatterns } from '../../support/pattern.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { colourDepth } from '../../tui/terminal/colours.ts';
import { excluded, included, matches, mayMatch, readFilter, type TextFilter } from '../../tui/state/filter.ts';
import type { LogsInvocation, Moment } from '../command-line/logs-line.ts';
import { onlyCluster } from '../one-shot/list-commands.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { type Connection, connect } from '../wiring/services.ts';
import { byTime } from '../../support/by-time.ts';
import { chosenOf, choiceOf, refuseTooMany } from './chosen-pods.ts';
import { followPods } from './follow-pods.ts';
import type { FailedJob } from './job-failures.ts';
import { keptPods } from './kept-pods.ts';
import { lineChooser, type Wish } from './kept-lines.ts';
import { jsonFormat, textFormat } from './line-format.ts';
import { PrintedTemplates } from './printed-templates.ts';
import { PodLogs, type Print, type Reading } from './pod-logs.ts';

/** `drey logs`: prints the logs of pods, those that exist in the order of time, or follows them as they come. */
export async function logs(asked: LogsInvocation, io: CliIo): Promise<number> {
  await using connection = await connect(asked.connection, io);
  const { kubernetes, namespace } = connection;
  const filter = await patternOf(asked.grep);
  const clusterId = asked.clusterId ?? (await onlyCluster(kubernetes, namespace, io.signal));
  const [{ items }, layouts] = await Promise.all([
    readPods(kubernetes, clusterId, namespace, io.signal),
    readLayouts(connection, clusterId, io.signal),
  ]);
  const kept = await keptPods(kubernetes, { server: kubernetes.server, namespace, clusterId }, items, io);
  if (items.length === 0 && kept.length === 0) await getCluster(kubernetes, clusterId, namespace, io.signal);
  const choice = choiceOf(asked.which, { present: items, gone: kept.map(({ pod }) => pod), clusterId });
  const report = (text: string): void => io.stderr(`${text}\n`);
  const podLogs = podLogsOf(asked, { connection, pods: items, report, io });
  const choose = (): Reading['choose'] => lineChooser(levelReader(layouts), wishOf(asked, filter));
  const templates = asked.templates ? new PrintedTemplates((line) => withoutSgr(readEntry(line, layouts)?.message ?? line)) : undefined;
  const print: Print =
    templates === undefined ? printer(asked, { layouts, named: choice.kind === 'group' }, io) : async (lines) => templates.add(lines);
  const { tail } = asked;
  if (asked.follow && choice.kind === 'group') {
    const { belongs } = choice;
    await followPods({ kubernetes, namespace, clusterId, belongs, podLogs, choose, tail, print, report, signal: io.signal });
    return ending(podLogs, io);
  }
  const pods = chosenOf(choice, items).filter((pod) => (asked.previous ? pod.restarts > 0 : hasLog(pod)));
  const gone = asked.previous || asked.follow ? [] : kept.filter(({ pod }) => chosenOf(choice, [pod]).length > 0);
  if (pods.length + gone.length === 0) throw nothingToRead(asked, clusterId);
  refuseTooMany(pods);
  // Before the logs are read, so that they have what was written about a failure. A cluster without pods has nobody who could be asked.
  const asksFlink = asked.templates && items.length > 0;
  const jobs = asksFlink ? await (await import('./job-failures.ts')).jobFailures(connection, clusterId, io, report) : [];
  const reading = (): Reading => ({ choose: choose(), tail, signal: io.signal });
  if (asked.follow) await Promise.all(pods.map((pod) => podLogs.print(pod, reading(), print)));
  else {
    const sources = [
      ...pods.map((pod) => podLogs.lines(pod, reading())),
      ...gone.map((pod) => podLogs.kept(pod, { ...reading(), choose, among: amongOf(filter) })),
    ];
    for await (const lines of byTime(sources)) await print(lines);
  }
  if (templates !== undefined) await printTemplates(templates, asked, { jobs, pods: [...items, ...kept.map(({ pod }) => pod)] }, io);
  return ending(podLogs, io);
}

function ending({ failed }: PodLogs, { signal }: CliIo): number {
  if (signal.aborted) return exitCodes.interrupted;
  return failed ? exitCodes.failed : exitCodes.ok;
}

interface Surroundings {
  readonly connection: Connection;
  readonly pods: readonly Pod[];
  readonly report: (sentence: string) => void;
  readonly io: CliIo;
}

function podLogsOf({ follow, previous, container, since, until }: LogsInvocation, { connection, pods, report, io }: Surroundings): PodLogs {
  const { kubernetes, namespace } = connection;
  const masters = pods.filter(({ role }) => role === 'jobmanager').length;
  const briefOf = ({ shortName }: Pod): string => briefName(shortName, masters > 1);
  const now = io.clock.now();
  return new PodLogs({
    kubernetes,
    namespace,
    follow,
    previous,
    container,
    since: at(since, now),
    until: at(until, now),
    briefOf,
    report,
    clock: io.clock,
  });
}

function at(moment: Moment | undefined, now: Instant): Instant | undefined {
  return moment?.kind === 'ago' ? now - moment.ms : moment?.at;
}

async function printTemplates(
  templates: PrintedTemplates,
  { format }: LogsInvocation,
  { jobs, pods }: { readonly jobs: readonly FailedJob[]; readonly pods: readonly Pod[] },
  { clock, log }: CliIo,
): Promise<void> {
  const now = clock.now();
  const byName = new Map(pods.map((pod) => [pod.name, pod]));
  const failure = newestFailure({ jobs, lostJobs: [], pods: byName, gone: [] });
  const shortNameOf = (name: string): string => byName.get(name)?.shortName ?? name;
  const { text, data } = templateReport(templates.end(now), failure, { shortNameOf, now });
  await log(format === 'json' ? `${JSON.stringify(data, undefined, 2)}\n` : `${text.join('\n')}\n`);
}

/** What matches on the screen matches here. */
async function patternOf(text: string | undefined): Promise<TextFilter | undefined> {
  if (text === undefined) return undefined;
  await loadPatterns();
  const reading = readFilter(text);
  if (reading.kind === 'filter') return reading.filter;
  throw new Problem('usage', reading.kind === 'wrong' ? `--grep: ${reading.problem}` : `--grep ${text} cannot be read.`);
}

function wishOf({ level }: LogsInvocation, filter: TextFilter | undefined): Wish {
  const whether = (part: TextFilter | undefined): Wish['matches'] => part && ((text) => matches(part, text));
  return { level, matches: whether(filter && included(filter)), firstMatches: whether(filter && excluded(filter)) };
}

/** Whole blocks of a kept log are left out if none of their lines matches. */
function amongOf(filter: TextFilter | undefined): ((lines: string) => boolean) | undefined {
  const wanted = filter && included(filter);
  return wanted && ((lines) => mayMatch(wanted, withoutSgr(lines)));
}

/** How the lines are written, as far as the ConfigMap of the cluster can be read. */
async function readLayouts({ kubernetes, namespace }: Connection, clusterId: string, signal: AbortSignal): Promise<readonly Layout[]> {
  try {
    const address = { resource: CONFIG_MAPS, namespace, name: names.configMap(clusterId) };
    const { data = {} } = await kubernetes.get<ConfigMapObject>(address, { signal });
    return layoutsOf(consolePatterns(data));
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    // Forbidden or missing: lines are read in the usual layouts.
    return [];
  }
}

function nothingToRead({ which, previous }: LogsInvocation, clusterId: string): Problem {
  const whose = which === undefined || which === 'all' ? `any pod of ${clusterId}` : `${which} of ${clusterId}`;
  return previous
    ? new Problem('not-found', `No container of ${whose} was restarted: there is no log of an earlier one.`)
    : new Problem('not-found', `There is no log of ${whose} yet.`, { hint: 'With -f the logs are printed as soon as there are some.' });
}

function printer(
  { format }: LogsInvocation,
  { layouts, named }: { readonly layouts: readonly Layout[]; readonly named: boolean },
  { env, isTty, log }: CliIo,
): Print {
  const coloured = isColoured(env, isTty.stdout);
  const write = format === 'json' ? jsonFormat((line) => readEntry(line, layouts)) : textFormat({ named, coloured });
  return async (lines) => {
    if (lines.length > 0) await log(lines.map((line) => `${write(line)}\n`).join(''));
  };
}

/** FORCE_COLOR asks for colours in a pipe as well. */
const isColoured = (env: CliIo['env'], terminal: boolean): boolean =>
  (terminal || env['FORCE_COLOR'] !== undefined) && colourDepth(env, process.platform) !== 'none';
