import { type Bytes, Damaged } from './bytes.ts';

/** A file that holds state. */
export interface StateFile {
  /** Relative: within the folder of the savepoint. */
  readonly path: string;
  readonly relative: boolean;
  /** What it must have at least. */
  readonly sizeBytes: number;
}

/** Takes the files that are named on the way. */
export type NamedFiles = (file: StateFile) => void;

/** Handles hold handles, but not deeper than this: a changelog holds keyed states, and each of them a stream. */
const deepest = 8;

/**
 * What tells the kinds of a handle apart. Source: `MetadataV2V3SerializerBase`, Flink 2.3; those that only later versions write are those of
 * changelogs (1.15), ids of handles (1.16) and merged files (1.20).
 */
const kinds = {
  none: 0,
  bytes: 1,
  file: 2,
  keyGroups: 3,
  operator: 4,
  incremental: 5,
  relativeFile: 6,
  savepointKeyGroups: 7,
  changelog: 8,
  changelogBytes: 9,
  changelogFiles: 10,
  incrementalV2: 11,
  keyGroupsV2: 12,
  changelogFilesV2: 13,
  changelogV2: 14,
  segment: 15,
  emptySegment: 16,
  mergedOperator: 17,
} as const;

/**
 * Each of these reads one handle and gives the size of its state in bytes, as Flink counts it. The state itself is passed over.
 */
export function readStream(bytes: Bytes, named: NamedFiles, depth = 0): number {
  const kind = bytes.byte();
  switch (kind) {
    case kinds.none:
    case kinds.emptySegment:
      return 0;
    case kinds.bytes: {
      bytes.utf();
      const length = bytes.count(1);
      bytes.skip(length);
      return length;
    }
    case kinds.file: {
      const sizeBytes = bytes.size();
      named({ path: bytes.utf(), relative: false, sizeBytes });
      return sizeBytes;
    }
    case kinds.relativeFile: {
      const path = bytes.utf();
      const sizeBytes = bytes.size();
      named({ path, relative: true, sizeBytes });
      return sizeBytes;
    }
    case kinds.keyGroups:
      skipKeyGroups(bytes);
      return readStream(bytes, named, deeper(depth));
    case kinds.segment: {
      const from = bytes.size();
      const sizeBytes = bytes.size();
      bytes.int();
      named({ path: bytes.utf(), relative: false, sizeBytes: from + sizeBytes });
      bytes.utf();
      return sizeBytes;
    }
    default:
      throw unknown(kind, 'a state');
  }
}

export function readOperatorState(bytes: Bytes, named: NamedFiles): number {
  const kind = bytes.byte();
  if (kind === kinds.none) return 0;
  if (kind !== kinds.operator && kind !== kinds.mergedOperator) throw unknown(kind, 'an operator state');
  for (let left = bytes.count(7); left > 0; left -= 1) {
    bytes.utf();
    bytes.byte();
    skipLongs(bytes);
  }
  if (kind === kinds.mergedOperator) {
    bytes.utf();
    bytes.utf();
    bytes.boolean();
  }
  return readStream(bytes, named);
}

export function readKeyedState(bytes: Bytes, named: NamedFiles, depth = 0): number {
  const kind = bytes.byte();
  switch (kind) {
    case kinds.none:
      return 0;
    case kinds.keyGroups:
    case kinds.keyGroupsV2:
    case kinds.savepointKeyGroups: {
      skipKeyGroups(bytes);
      const size = readStream(bytes, named);
      if (kind === kinds.keyGroupsV2) bytes.utf();
      return size;
    }
    case kinds.incremental:
    case kinds.incrementalV2:
      return readIncremental(bytes, named, kind === kinds.incrementalV2);
    case kinds.changelog:
    case kinds.changelogV2: {
      skipKeyGroupRange(bytes);
      bytes.long();
      const size = sum(bytes, 1, () => readKeyedState(bytes, named, deeper(depth)));
      const changes = sum(bytes, 1, () => readKeyedState(bytes, named, deeper(depth)));
      bytes.long();
      if (kind === kinds.changelogV2) bytes.long();
      bytes.utf();
      return size + changes;
    }
    case kinds.changelogBytes: {
      skipKeyGroupRange(bytes);
      bytes.skip(16);
      const size = sum(bytes, 8, () => {
        bytes.int();
        const length = bytes.count(1);
        bytes.skip(length);
        return length;
      });
      bytes.utf();
      return size;
    }
    case kinds.changelogFiles:
    case kinds.changelogFilesV2: {
      skipKeyGroupRange(bytes);
      sum(bytes, 9, () => {
        bytes.long();
        return readStream(bytes, named);
      });
      const size = bytes.size();
      bytes.long();
      bytes.utf();
      if (kind === kinds.changelogFilesV2) bytes.utf();
      return size;
    }
    default:
      throw unknown(kind, 'a keyed state');
  }
}

function readIncremental(bytes: Bytes, named: NamedFiles, second: boolean): number {
  bytes.long();
  bytes.utf();
  skipKeyGroupRange(bytes);
  if (second) bytes.long();
  const readFile = (): number => {
    bytes.utf();
    return readStream(bytes, named);
  };
  const size = readStream(bytes, named) + sum(bytes, 3, readFile) + sum(bytes, 3, readFile);
  if (second) bytes.utf();
  return size;
}

/** The state of a channel: records that were under way in an unaligned checkpoint. Source: `ChannelStateHandleSerializerV1`, Flink 2.3. */
export function readChannelState(bytes: Bytes, named: NamedFiles): number {
  bytes.skip(12);
  skipLongs(bytes);
  const size = bytes.size();
  readStream(bytes, named);
  return size;
}

/** Of format 6 on: a channel or, merged, all channels of a subtask. Source: `ChannelStateHandleSerializerV2`, Flink 2.3. */
export function readMergedChannelState(bytes: Bytes, named: NamedFiles): number {
  const kind = bytes.byte();
  if (kind === 1 || kind === 2) return readChannelState(bytes, named);
  if (kind !== 3 && kind !== 4) throw unknown(kind, 'a state of channels');
  bytes.int();
  const size = bytes.size();
  readStream(bytes, named);
  bytes.skip(bytes.count(1));
  return size;
}

/** Reads a number of things, each of `least` bytes or more, and adds up their sizes. */
export function sum(bytes: Bytes, least: number, one: () => number): number {
  let total = 0;
  for (let left = bytes.count(least); left > 0; left -= 1) total += one();
  return total;
}

function skipKeyGroupRange(bytes: Bytes): void {
  bytes.skip(8);
}

/** The first key group, how many there are, and the offset of each. */
function skipKeyGroups(bytes: Bytes): void {
  bytes.int();
  skipLongs(bytes);
}

function skipLongs(bytes: Bytes): void {
  bytes.skip(8 * bytes.count(8));
}

function deeper(depth: number): number {
  if (depth === deepest) throw new Damaged('states in it hold each other without end');
  return depth + 1;
}

const unknown = (kind: number, what: string): Damaged => new Damaged(`it has ${what} of the unknown kind ${kind}`);
