import { maskedData } from '../../config/secrets/documents.ts';
import { maskText } from '../../config/secrets/redact.ts';
import { type BundleFacts, bundleFormat, bundlePlaces } from '../../session/recording/bundle-facts.ts';
import { recordingFolder, recordingsFolder } from '../../session/recording/places.ts';
import { clusterFolder, spoolFolder } from '../../spool/places.ts';
import type { Instant } from '../../support/clock.ts';
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
  const { path, overwrite, to, tell, begin } = request;
  const { clock, signal } = context;
  return await withNewFile({ path, mode: 0o600, overwrite, signal }, (file) =>
    withScratch(path, signal, async (scratch) => {
      const archive = new Archive(file, to);
      const collector = new Collector({ archive, clock, signal, tell, begin });
      const facts = await collect(collector, context, request, scratch);
      await collector.add('What is inside', { path: bundlePlaces.readme, content: readmeText(facts) });
      const all = { ...facts, inside: [...collector.inside] };
      await collector.add('What is inside, as data', { path: bundlePlaces.facts, content: jsonText(all) });
      await archive.end();
      await file.keep();
      return { facts: all, bytes: archive.bytes };
    }),
  );
}

async function collect(collector: Collector, context: CommandContext, { from, to }: BundleRequest, scratch: string): Promise<BundleFacts> {
  const { kubernetes, flink, stateFolder, store } = context;
  const { target, pods, deployment } = store.get();
  const { clusterId, namespace } = target;
  await collectCard(collector, context);
  const kubernetesVersion = await collector.tried('Version of Kubernetes', askMs, (signal) => kubernetes.version({ signal }));
  const secrets = await collectManifests(collector, { kubernetes, clusterId, namespace });
  const flinkVersion = await collectFlink(collector, flink);
  await collectRecording(collector, recordingFolder(recordingsFolder(stateFolder), target), from);
  const spool = clusterFolder(spoolFolder(stateFolder), target);
  await collectLogs(collector, { kubernetes, namespace, pods: [...pods.values()], clusterUid: deployment?.uid, spool, from, to, scratch });
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
