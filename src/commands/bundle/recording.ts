import { join } from 'node:path';
import { bundlePlaces, recordingWord } from '../../session/recording/bundle-facts.ts';
import { recordedFiles } from '../../session/recording/files.ts';
import { recordingFolder } from '../../session/recording/places.ts';
import { Recorder } from '../../session/recording/recorder.ts';
import type { SessionStore } from '../../session/types.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import type { Collector } from './collector.ts';

/** A recording that ends earlier does not show what the rest of the bundle shows. */
const recentMs = 60_000;

export interface RecordingRequest {
  /** Of the recording of the cluster. */
  readonly folder: string;
  readonly from: Instant;
  /** A folder for this user alone, which nobody needs afterwards. */
  readonly scratch: string;
  readonly store: SessionStore;
  readonly clock: Clock;
}

/** The files of the recording, whose secrets were masked when they were written; and what is so now, if that was not recorded. */
export async function collectRecording(collector: Collector, request: RecordingRequest): Promise<void> {
  const { folder, from, store, clock } = request;
  collector.begin(recordingWord);
  const folders = [folder];
  const isRecorded = (await recordedFiles(folder, clock.now() - recentMs)).length > 0;
  // Of a cluster that is gone, its last recorded moment says more.
  if (!isRecorded && store.get().pods.size > 0) folders.push(await recordedNow(request));
  const files = (await Promise.all(folders.map((each) => recordedFiles(each, from)))).flat();
  if (files.length === 0)
    return collector.leaveOut(
      recordingWord,
      'none',
      'Nothing was recorded then on this machine: that is done while the screen is attached; and no pod is known now.',
    );
  for (const { name, path } of files) await collector.addFile(recordingWord, { path: `${bundlePlaces.recording}/${name}`, source: path });
}

/** The folder with a recording of this moment. Rejects if it cannot be written. */
async function recordedNow({ scratch, store, clock }: RecordingRequest): Promise<string> {
  const { target } = store.get();
  const folder = join(scratch, 'now');
  let problem: Problem | undefined;
  {
    await using recorder = new Recorder({ store, folder, cluster: target, clock, report: (next) => (problem = next) });
    await recorder.flush();
  }
  if (problem !== undefined) throw problem;
  return recordingFolder(folder, target);
}
