import type { ContainerLog } from '../pods/container-log.ts';

/** A log file has what the container wrote. */
export const fileText = (log: ContainerLog): string =>
  log
    .entries()
    .map((entry) => `${entry.text}\n`)
    .join('');

/** A file in the list of log files. */
export const listedFile = (name: string, log: ContainerLog) => ({
  name,
  size: Buffer.byteLength(fileText(log)),
  mtime: log.entries().at(-1)?.at ?? 0,
});
