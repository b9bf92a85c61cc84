import { bundlePlaces, recordingWord } from '../../session/recording/bundle-facts.ts';
import { recordedFiles } from '../../session/recording/files.ts';
import type { Instant } from '../../support/clock.ts';
import type { Collector } from './collector.ts';

/** The files of the recording, whose secrets were masked when they were written. */
export async function collectRecording(collector: Collector, folder: string, from: Instant): Promise<void> {
  collector.begin(recordingWord);
  const files = await recordedFiles(folder, from);
  if (files.length === 0)
    return collector.leaveOut(
      recordingWord,
      'none',
      'Nothing was recorded then on this machine: that is done while the screen is attached.',
    );
  for (const { name, path } of files) await collector.addFile(recordingWord, { path: `${bundlePlaces.recording}/${name}`, source: path });
}
