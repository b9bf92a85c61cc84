import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { maskedData } from '../../config/secrets/documents.ts';
import { maskText } from '../../config/secrets/redact.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { hasLog, mainContainer } from '../../native/main-container.ts';
import type { Pod } from '../../native/pod.ts';
import { bundlePlaces } from '../../session/recording/bundle-facts.ts';
import { podFile, podFolder } from '../../spool/places.ts';
import { type PodRecord, recordText } from '../../spool/pod-record.ts';
import { readSpool, type SpooledPod, spooledPods } from '../../spool/reader.ts';
import { formatSpan } from '../../support/format.ts';
import type { Instant } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import { withoutSgr } from '../../support/sgr.ts';
import { timeLimit } from '../../support/waiting.ts';
import { becauseOf, type Collector, fileWord } from './collector.ts';
import { copyLog, type CopiedLog } from './log-copy.ts';

export interface LogsAsked {
  readonly kubernetes: Pick<KubernetesClient, 'followLog'>;
  readonly namespace: string;
  /** Those that exist. */
  readonly pods: readonly Pod[];
  readonly clusterUid: string | undefined;
  /** The spool of the cluster. */
  readonly spool: string;
  readonly from: Instant;
  readonly to: Instant;
  /** A folder for what is written in between. */
  readonly scratch: string;
}

/** For one log: half a gigabyte of lines takes less. */
const logMs = 5 * 60_000;
/** How often it is told how far they are. */
const mostSteps = 10;

/** A pod whose log is wanted, and where it is. */
interface Source {
  readonly record: PodRecord;
  readonly kept: SpooledPod | undefined;
  /** It can be asked for its log. */
  readonly isPresent: boolean;
}

/** The logs of pods: from the spool where they are kept, and what that does not have from the pods. */
export async function collectLogs(collector: Collector, asked: LogsAsked): Promise<void> {
  const sources = await sourcesOf(asked);
  if (sources.length === 0) return collector.leaveOut('Logs', 'none', 'No pod has a log, and none is kept on this machine.');
  /** Why no pod is asked any longer. */
  let away: Problem | undefined;
  const names = new Set<string>();
  for (const [index, source] of sources.entries()) {
    if (index % Math.ceil(sources.length / mostSteps) === 0) collector.begin(`Logs, ${index + 1} of ${sources.length} pods`);
    const { pod } = source.record;
    // Pods of the same name can follow each other.
    const name = names.has(pod.shortName) ? `${pod.shortName}.${pod.uid}` : pod.shortName;
    names.add(pod.shortName);
    const problem = await collectLog(collector, { ...source, name, away }, asked);
    if (problem !== undefined && becauseOf(problem) === 'away') away ??= problem;
  }
}

async function sourcesOf({ pods, spool, clusterUid, from, to }: LogsAsked): Promise<readonly Source[]> {
  const kept = new Map((await spooledPods(spool, clusterUid)).map((pod) => [pod.pod.uid, pod]));
  const present = pods.filter(hasLog).map((pod): Source => {
    return { record: { pod, clusterUid, seenAt: to, gone: false }, kept: kept.get(pod.uid), isPresent: true };
  });
  const uids = new Set(present.map(({ record }) => record.pod.uid));
  const gone = [...kept.values()]
    .filter(({ pod, seenAt }) => !uids.has(pod.uid) && seenAt >= from)
    .map((each): Source => ({ record: recordOf(each), kept: each, isPresent: false }));
  return [...present, ...gone].toSorted((one, other) => (one.record.pod.name < other.record.pod.name ? -1 : 1));
}

const recordOf = ({ pod, clusterUid, seenAt, gone }: SpooledPod): PodRecord => ({ pod, clusterUid, seenAt, gone });

interface WantedLog extends Source {
  /** What it is called in the bundle. */
  readonly name: string;
  /** Why its pod is not asked. */
  readonly away: Problem | undefined;
}

/** Returns why the pod did not give its log. */
async function collectLog(collector: Collector, wanted: WantedLog, asked: LogsAsked): Promise<Problem | undefined> {
  const { record, kept, isPresent, name, away } = wanted;
  const { pod } = record;
  const { kubernetes, namespace, from, to, scratch } = asked;
  const folder = podFolder(scratch, pod.uid);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const main = mainContainer(pod)?.name;
  const containers = new Set([...(main === undefined ? [] : [main]), ...(kept?.containers ?? [])]);
  let problem: Problem | undefined;
  for (const container of containers) {
    const what = `Log of ${pod.shortName}${container === main ? '' : `, container ${container}`}`;
    using limit = timeLimit(logMs, collector.signal, collector.clock);
    const hasMore = isPresent && container === main;
    const copied = await copyLog({
      pod: hasMore && away === undefined ? { kubernetes, namespace, pod } : undefined,
      kept: kept?.containers.includes(container) === true ? kept.folder : undefined,
      container,
      from,
      to,
      folder,
      clock: collector.clock,
      signal: limit.signal,
    });
    collector.signal.throwIfAborted();
    if (hasMore) problem = copied.problem ?? away;
    tellMissing(collector, what, hasMore ? { ...copied, problem } : copied, limit.signal.aborted);
    if (copied.lines === 0) continue;
    const file = container === main ? name : `${name}.${container}`;
    await collector.add(what, { path: `${bundlePlaces.logs}/${fileWord(file)}.log`, content: textOf(folder, container, collector.signal) });
  }
  await keepSpool(collector, record, folder);
  await rm(folder, { recursive: true, force: true });
  return problem;
}

function tellMissing(collector: Collector, what: string, { lines, gaps, problem }: CopiedLog, wasLate: boolean): void {
  for (const gap of gaps) collector.leaveOut(what, 'failed', gap);
  if (wasLate)
    collector.leaveOut(
      what,
      'timed-out',
      `It was not read to its end within ${formatSpan(logMs)}. --last with less time leaves less to read.`,
    );
  else if (problem !== undefined) collector.leaveOut(what, becauseOf(problem), problem.message);
  else if (lines === 0) collector.leaveOut(what, 'none', 'It has no line of that time.');
}

/** The lines without their colours. */
async function* textOf(folder: string, container: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder();
  for await (const { lines } of readSpool({ folder, container, signal }))
    yield Buffer.from(
      lines
        .map(({ bytes, from, to, cut }) => `${withoutSgr(decoder.decode(bytes.subarray(from, to)))}${cut ? '… [line cut]' : ''}\n`)
        .join(''),
    );
}

/** The same as a spool, which keeps the moment of each line. */
async function keepSpool(collector: Collector, record: PodRecord, folder: string): Promise<void> {
  const names = (await readdir(folder)).toSorted();
  if (names.length === 0) return;
  await writeFile(join(folder, podFile), recordText(maskedData(record, (text) => maskText(text)) as PodRecord));
  const what = `Log of ${record.pod.shortName} with the moments of its lines`;
  for (const name of [podFile, ...names])
    await collector.addFile(what, { path: `${bundlePlaces.logs}/${basename(folder)}/${name}`, source: join(folder, name) });
}
