import { maskedData } from '../../config/secrets/documents.ts';
import { maskText } from '../../config/secrets/redact.ts';
import { getCluster } from '../../cluster/find-clusters.ts';
import { readPods } from '../../cluster/pods/read-pods.ts';
import type { Pod } from '../../native/pod.ts';
import { type BundleFacts, bundleFormat, bundlePlaces } from '../../session/recording/bundle-facts.ts';
import { recordingFolder, recordingsFolder } from '../../session/recording/places.ts';
import { recordedFiles } from '../../session/recording/files.ts';
import { clusterFolder, type SpooledCluster, spoolFolder } from '../../spool/places.ts';
import { spooledPods } from '../../spool/reader.ts';
import type { Instant } from '../../support/clock.ts';
import { isNotFound, Problem } from '../../support/problem.ts';
import { isoTime, jsonText } from '../../support/machine-text.ts';
import { version } from '../../support/version.ts';
import { cardMarkdown } from '../model/card-markdown.ts';
import type { Card } from '../model/card.ts';
import type { CommandContext } from '../model/types.ts';
import { withNewFile } from '../procedures/new-file.ts';
import { readCard } from '../why/card.ts';
import { Archive } from './archive.ts';
import { Collector, type CollectorOptions } from './collector.ts';
import { collectFlink } from './flink-answers.ts';
import { collectLogs } from './logs.ts';
import { collectManifests } from './manifests.ts';
import { readmeText } from './readme.ts';
import { collectRecording } from './recording.ts';
import { withScratch } from './scratch.ts';

export interface BundleRequest extends Pick<CollectorOptions, 'tell' | 'begin'> {
  readonly path: string;
  readonly overwrite: boolean;
  readonly from: Instant;
  readonly to: Instant;
}

export interface WrittenBundle {
  readonly facts: BundleFacts;
  /** Of the zip. */
  readonly bytes: number;
}

const askMs = 15_000;
/** Each thing that a cause is looked for in gets a few seconds of its own. */
const explainMs = 60_000;

/** Writes all that can be had of the cluster into one zip, which gets its name once it is whole. */
export async function writeBundle(context: CommandContext, request: BundleRequest): Promise<WrittenBundle> {
  const { path, overwrite, from, to, tell, begin } = request;
  const { clock, signal } = context;
  const clusterUid = await knownUid(context, from);
  return await withNewFile({ path, mode: 0o600, overwrite, signal }, (file) =>
    withScratch(path, signal, async (scratch) => {
      const archive = new Archive(file, to);
      const collector = new Collector({ archive, clock, signal, tell, begin });
      const facts = await collect(collector, context, { ...request, clusterUid, scratch });
      await collector.add('What is inside', { path: bundlePlaces.readme, content: readmeText(facts) });
      const all = { ...facts, inside: [...collector.inside] };
      await collector.add('What is inside, as data', { path: bundlePlaces.facts, content: jsonText(all) });
      await archive.end();
      await file.keep();
      return { facts: all, bytes: archive.bytes };
    }),
  );
}

/** Where this machine keeps what it saw of the cluster. */
const keptFolders = (stateFolder: string, cluster: SpooledCluster) => ({
  recording: recordingFolder(recordingsFolder(stateFolder), cluster),
  spool: clusterFolder(spoolFolder(stateFolder), cluster),
});

/**
 * The uid of its Deployment; undefined: it may not be read, or it is gone. A cluster that is gone may have left logs and a recording on this
 * machine; one that never was has not.
 */
async function knownUid({ kubernetes, stateFolder, store, signal }: CommandContext, from: Instant): Promise<string | undefined> {
  const { target } = store.get();
  try {
    const { uid } = await getCluster(kubernetes, target.clusterId, target.namespace, signal);
    return uid;
  } catch (error) {
    if (!isNotFound(error)) {
      // Whether it is there is then not known.
      if (error instanceof Problem) return undefined;
      throw error;
    }
    const { recording, spool } = keptFolders(stateFolder, target);
    const [files, pods] = await Promise.all([recordedFiles(recording, from), spooledPods(spool)]);
    if (files.length === 0 && pods.every(({ seenAt }) => seenAt < from)) throw error;
    return undefined;
  }
}

/** What the session knows may not have been told yet; if nobody tells, the list of manifests has said why. */
async function presentPods(collector: Collector, { kubernetes, store }: CommandContext): Promise<readonly Pod[]> {
  const { target, pods, podsKnown } = store.get();
  if (podsKnown) return [...pods.values()];
  const read = await collector.trying(askMs, (signal) => readPods(kubernetes, target.clusterId, target.namespace, signal));
  return 'value' in read ? read.value.items : [];
}

interface Collecting extends Pick<BundleRequest, 'from' | 'to'> {
  readonly clusterUid: string | undefined;
  readonly scratch: string;
}

async function collect(collector: Collector, context: CommandContext, { from, to, clusterUid, scratch }: Collecting): Promise<BundleFacts> {
  const { kubernetes, flink, stateFolder, store, clock } = context;
  const { target } = store.get();
  const { clusterId, namespace } = target;
  await collectCard(collector, context);
  const kubernetesVersion = await collector.tried('Version of Kubernetes', askMs, (signal) => kubernetes.version({ signal }));
  const secrets = await collectManifests(collector, { kubernetes, clusterId, namespace });
  const flinkVersion = await collectFlink(collector, flink);
  const { recording, spool } = keptFolders(stateFolder, target);
  await collectRecording(collector, { folder: recording, from, scratch, store, clock });
  const pods = await presentPods(collector, context);
  await collectLogs(collector, { kubernetes, namespace, pods, clusterUid, spool, from, to, scratch });
  return {
    format: bundleFormat,
    drey: version,
    clusterId,
    namespace,
    flinkVersion: flinkVersion ?? null,
    kubernetesVersion: kubernetesVersion ?? null,
    madeAt: isoTime(to) ?? '',
    from: isoTime(from) ?? '',
    to: isoTime(to) ?? '',
    secrets,
    inside: [...collector.inside],
    leftOut: [...collector.leftOut],
  };
}

/** What is wrong, as for the channel of an incident. */
async function collectCard(collector: Collector, context: CommandContext): Promise<void> {
  collector.begin('What is wrong');
  const card = await collector.tried('Card of what is wrong', explainMs, (signal) => readCard(undefined, { ...context, signal }));
  if (card === undefined) return;
  const masked = maskedData(card, (text) => maskText(text)) as Card;
  const lines = cardMarkdown(masked, context.store.get().target, context.clock.now());
  await collector.add('Card of what is wrong', { path: bundlePlaces.card, content: `${lines.join('\n')}\n` });
}
