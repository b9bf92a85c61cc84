import { join } from 'node:path';
import { clusterFolder, podFolder, type SpooledCluster } from '../../spool/places.ts';

/** Recordings lie as the logs of one pod do. */
export const recordingPod = 'session';
export const recordingContainer = 'changes';

/** The folder for the recordings of all clusters. */
export const recordingsFolder = (stateFolder: string): string => join(stateFolder, 'recordings');

/** The folder for the recordings of one. */
export const recordingFolder = (folder: string, cluster: SpooledCluster): string => podFolder(clusterFolder(folder, cluster), recordingPod);
