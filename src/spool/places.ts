import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** The cluster whose logs are kept: the same name at another server or in another namespace is another cluster. */
export interface SpooledCluster {
  readonly server: string;
  readonly namespace: string;
  readonly clusterId: string;
}

/** The folder for the logs of all clusters. */
export const spoolFolder = (stateFolder: string): string => join(stateFolder, 'logs');

export const podFile = 'pod.json';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Names come from a server: one that is not plain never becomes part of a path. */
const plain = (text: string): string => (/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/.test(text) ? text : digest(text));

/** The name of a folder of clusters begins with that of the cluster; undefined: the name was not plain. */
export const clusterIdOf = (folderName: string): string | undefined => /^(.+)\.[0-9a-f]{16}$/.exec(folderName)?.[1];

/** Whether a folder is that of a cluster of this name, at whichever server. */
export const isFolderOf = (folderName: string, clusterId: string): boolean => clusterIdOf(folderName) === plain(clusterId);

export const clusterFolder = (folder: string, { server, namespace, clusterId }: SpooledCluster): string =>
  join(folder, `${plain(clusterId)}.${digest(JSON.stringify([server, namespace, clusterId]))}`);

export const podFolder = (cluster: string, uid: string): string => join(cluster, plain(uid));

/**
 * How much earlier than a line before it a line is stamped at most, in a spool. Those of stderr are by some milliseconds; if the clock of
 * the node goes back further, lines get a later stamp, so that the blocks of a writer follow each other in time.
 */
export const disorderMs = 1_000;

/** A file of one writer: `main` has the full blocks, `tail` the lines since the last of them. */
export interface SpoolFileName {
  readonly container: string;
  /** Each process writes files of its own; they sort by the time at which it began. */
  readonly writer: string;
  readonly part: number;
  readonly kind: 'main' | 'tail';
}

const endings = { main: 'log', tail: 'tail' } as const;

export const fileName = ({ container, writer, part, kind }: SpoolFileName): string =>
  `${plain(container)}.${writer}.${String(part).padStart(5, '0')}.${endings[kind]}`;

/** Undefined: the file is not one of a spool. */
export function parsedFileName(name: string): SpoolFileName | undefined {
  const [, container, writer, part, ending] = /^([\w-]+)\.([\w-]+)\.(\d{5,})\.(log|tail)$/.exec(name) ?? [];
  if (container === undefined || writer === undefined) return undefined;
  return { container, writer, part: Number(part), kind: ending === endings.tail ? 'tail' : 'main' };
}
