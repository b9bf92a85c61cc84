import { type FileEntry, fileOf } from '../shell/disk.ts';
import type { FlinkJob } from './job.ts';

/** A savepoint that exists. */
export interface Savepoint {
  readonly path: string;
  /** Its files, by their names. */
  readonly files: ReadonlyMap<string, FileEntry>;
}

/** Source: `Checkpoints.HEADER_MAGIC_NUMBER` and `MetadataV6Serializer`, Flink 2.3. */
const [magic, version] = [0x4960672d, 6];
/** The default of `KeyGroupRangeAssignment`, Flink 2.3. */
const maxParallelism = 128;
/** Kinds of the handle of a state: that of a file in the folder of the savepoint. Source: `MetadataV2V3SerializerBase`, Flink 2.3. */
const relativeFile = 6;

/** What a savepoint of this job consists of: a file with the state of each operator, and one that describes them. */
export function savepointOf({ vertices, checkpoints }: FlinkJob, path: string, at: number): Savepoint {
  const taken = checkpoints.history.find((entry) => entry.path === path);
  const share = Math.floor((taken?.bytes ?? 0) / vertices.length);
  const operators = vertices.map(({ id, graph, tasks }) => ({
    id,
    name: graph.name,
    parallelism: tasks.length,
    file: `state-${id.slice(0, 8)}`,
  }));
  const states = operators.map(({ file }): readonly [string, FileEntry] => [
    file,
    { kind: 'file', content: { bytes: share, read: () => Buffer.alloc(share) }, mode: 0o644, at, fixed: true },
  ]);
  const metadata = Buffer.concat([
    int(magic),
    int(version),
    long(taken?.id ?? 1),
    // States of the master.
    int(0),
    int(operators.length),
    ...operators.flatMap(({ id, name, parallelism, file }) => [
      text(name),
      text(''),
      Buffer.from(id, 'hex'),
      int(parallelism),
      int(Math.max(maxParallelism, parallelism)),
      Buffer.from([relativeFile]),
      text(file),
      long(share),
      // States of subtasks.
      int(0),
    ]),
    propertiesOf(taken?.format ?? 'CANONICAL'),
  ]);
  return { path, files: new Map([...states, ['_metadata', fileOf(metadata, at)]]) };
}

/** The savepoints that lie in a file system which the pods have, by their paths in it. */
export function localFiles(savepoints: Iterable<Savepoint>): ReadonlyMap<string, FileEntry> {
  const found = new Map<string, FileEntry>();
  for (const { path, files } of savepoints) {
    const [, folder] = /^(?:file:)?(?:\/\/)?(\/[^/].*)$/.exec(path) ?? [];
    if (folder !== undefined) for (const [name, file] of files) found.set(`${folder}/${name}`, file);
  }
  return found;
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** The `CheckpointProperties` of a savepoint as Java serializes them in Flink 2.3, up to its format and after it. */
const propertiesBefore = Buffer.from(
  'rO0ABXNyADhvcmcuYXBhY2hlLmZsaW5rLnJ1bnRpbWUuY2hlY2twb2ludC5DaGVja3BvaW50UHJvcGVydGllcwAAAAAAAAACAgAIWgAQZGlzY2FyZENhbmNlbGxlZFoA' +
    'DWRpc2NhcmRGYWlsZWRaAA9kaXNjYXJkRmluaXNoZWRaAA9kaXNjYXJkU3Vic3VtZWRaABBkaXNjYXJkU3VzcGVuZGVkWgAGZm9yY2VkWgAJdW5jbGFpbWVkTAAOY2hl' +
    'Y2twb2ludFR5cGV0ADJMb3JnL2FwYWNoZS9mbGluay9ydW50aW1lL2NoZWNrcG9pbnQvU25hcHNob3RUeXBlO3hwAAAAAAABAHNyADFvcmcuYXBhY2hlLmZsaW5rLnJ1' +
    'bnRpbWUuY2hlY2twb2ludC5TYXZlcG9pbnRUeXBloIfTCKRYFLgCAANMAApmb3JtYXRUeXBldAA1TG9yZy9hcGFjaGUvZmxpbmsvY29yZS9leGVjdXRpb24vU2F2ZXBv' +
    'aW50Rm9ybWF0VHlwZTtMAARuYW1ldAASTGphdmEvbGFuZy9TdHJpbmc7TAAUcG9zdENoZWNrcG9pbnRBY3Rpb250AEhMb3JnL2FwYWNoZS9mbGluay9ydW50aW1lL2No' +
    'ZWNrcG9pbnQvU2F2ZXBvaW50VHlwZSRQb3N0Q2hlY2twb2ludEFjdGlvbjt4cH5yADNvcmcuYXBhY2hlLmZsaW5rLmNvcmUuZXhlY3V0aW9uLlNhdmVwb2ludEZvcm1h' +
    'dFR5cGUAAAAAAAAAABIAAHhyAA5qYXZhLmxhbmcuRW51bQAAAAAAAAAAEgAAeHB0',
  'base64',
);
const propertiesAfter = Buffer.from(
  'dAAJU2F2ZXBvaW50fnIARm9yZy5hcGFjaGUuZmxpbmsucnVudGltZS5jaGVja3BvaW50LlNhdmVwb2ludFR5cGUkUG9zdENoZWNrcG9pbnRBY3Rpb24AAAAAAAAAABIA' +
    'AHhxAH4ACXQABE5PTkU=',
  'base64',
);

const propertiesOf = (format: 'CANONICAL' | 'NATIVE'): Buffer => Buffer.concat([propertiesBefore, text(format), propertiesAfter]);
