import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterIdOf, isFolderOf } from '../../spool/places.ts';
import { Problem } from '../../support/problem.ts';
import { type OpenRecording, openRecording } from './open-recording.ts';

async function folders(recordings: string): Promise<readonly string[]> {
  try {
    return (await readdir(recordings)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The clusters that were recorded on this machine. */
export const recordedClusters = async (recordings: string): Promise<readonly string[]> => [
  ...new Set((await folders(recordings)).flatMap((name) => clusterIdOf(name) ?? [])),
];

export interface KeptRequest {
  /** The folder for the recordings of all clusters. */
  readonly recordings: string;
  readonly clusterId: string;
  /** Undefined: of whichever namespace. */
  readonly namespace: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens what was recorded of a cluster on this machine. Rejects with a `Problem` if that is nothing, or is in several places. */
export async function openKept({ recordings, clusterId, namespace, signal }: KeptRequest): Promise<OpenRecording> {
  const found: OpenRecording[] = [];
  for (const name of await folders(recordings)) {
    if (!isFolderOf(name, clusterId)) continue;
    // For a folder nothing is unpacked, so there is nothing to dispose of.
    const recording = await openRecording(join(recordings, name), signal);
    if (namespace === undefined || recording.last.session.target.namespace === namespace) found.push(recording);
  }
  const [only, ...others] = found;
  const place = namespace === undefined ? '' : ` in namespace ${namespace}`;
  if (only === undefined) {
    const known = await recordedClusters(recordings);
    throw new Problem('not-found', `No recording of ${clusterId}${place} is kept on this machine.`, {
      hint: known.length === 0 ? 'drey attach records a session.' : `Recorded here: ${known.join(', ')}.`,
    });
  }
  if (others.length > 0) {
    const places = found.map(({ folder, last: { session } }) => `${session.target.namespace} at ${session.target.server} (${folder})`);
    throw new Problem('usage', `${clusterId} was recorded in several places: ${places.join(', ')}.`, {
      hint: 'Name one with -n, or its folder.',
    });
  }
  return only;
}
