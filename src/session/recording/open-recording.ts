import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parsedFileName, spoolFolder } from '../../spool/places.ts';
import { hasLaterBlocks, readSpool } from '../../spool/reader.ts';
import { formatDateTime } from '../../support/format.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { bundlePlaces } from './bundle-facts.ts';
import { isLaterEntry } from './entry.ts';
import { firstRecorded, type Moment, momentAt } from './moment.ts';
import { bundleIn, unpackedBundle } from './open-bundle.ts';
import { recordingContainer, recordingPod } from './places.ts';

/** A recording that is read where it lies, whoever made it. Disposing it removes what was unpacked for it. */
export interface OpenRecording extends AsyncDisposable {
  /** The files of the changes. */
  readonly folder: string;
  /** The logs of its pods, as in a spool; there may be none. */
  readonly logs: string;
  /** The folder of the bundle that it is in; undefined: it is in none. */
  readonly bundle: string | undefined;
  /** Its last moment. */
  readonly last: Moment;
}

const where = 'drey replay opens a bundle, a folder with a recording, and with --cluster the recordings of this machine.';

/** Opens a bundle, the folder of one, or the folder of a recording. Rejects with a `Problem` that says what is wrong with it. */
export async function openRecording(path: string, signal?: AbortSignal): Promise<OpenRecording> {
  await using opening = new AsyncDisposableStack();
  const folder = (await isFolderThere(path)) ? path : opening.use(await unpackedBundle(path, signal)).folder;
  const places = await placesIn(folder, path);
  const last = await momentAt({ folder: places.folder, at: Infinity, signal });
  if (last === undefined) throw await whyNothing(places.folder, path);
  const lifetime = opening.move();
  return { ...places, last, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

async function isFolderThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing
      ? new Problem('not-found', `There is no ${path}.`, { hint: where, cause: error })
      : new Problem('failed', `${path} cannot be opened: ${sentence(error)}`, { cause: error });
  }
}

/** Where a folder has what is replayed. */
async function placesIn(folder: string, path: string): Promise<Pick<OpenRecording, 'folder' | 'logs' | 'bundle'>> {
  const bundle = await bundleIn(folder, path);
  const own = bundle === undefined ? folder : join(folder, bundlePlaces.recording);
  for (const place of [own, join(own, recordingPod)])
    if (await hasChanges(place))
      return bundle === undefined
        ? { folder: place, logs: logsBeside(place), bundle }
        : { folder: place, logs: join(folder, bundlePlaces.logs), bundle: folder };
  if (bundle !== undefined) throw new Problem('not-found', `The bundle ${path} has no recording.`, { hint: bundle.withoutRecording });
  throw new Problem('invalid', `The folder ${path} has no recording.`, { hint: where });
}

async function hasChanges(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => parsedFileName(name)?.container === recordingContainer);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw new Problem('failed', `${folder} cannot be read: ${sentence(error)}`, { cause: error });
  }
}

/** Of a recording that lies where drey writes it, `recordings/CLUSTER/session`: the logs of the same cluster. */
const logsBeside = (folder: string): string => join(spoolFolder(dirname(dirname(dirname(folder)))), basename(dirname(folder)));

/** Files are there, and nothing of them can be shown. */
async function whyNothing(folder: string, path: string): Promise<Problem> {
  const later = new Problem('invalid', `The recording in ${path} was written by a later version of drey, which this one cannot read.`, {
    hint: 'Update drey.',
  });
  if (await hasLaterBlocks(folder, recordingContainer)) return later;
  const begin = await firstRecorded(folder);
  for await (const { lines } of readSpool({ folder, container: recordingContainer }))
    if (lines.some((line) => isLaterEntry(Buffer.from(line.bytes.subarray(line.from, line.to)).toString('utf8')))) return later;
  return begin === undefined
    ? new Problem('invalid', `The recording in ${path} is empty or damaged: nothing of it can be read.`)
    : new Problem('invalid', `The recording in ${path} is damaged: no moment of it is whole.`, {
        hint: `What is left of it begins at ${formatDateTime(begin)}.`,
      });
}
