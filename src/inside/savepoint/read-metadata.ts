import { Bytes, Damaged } from './bytes.ts';
import { type JavaObject, readJavaObject } from './java-object.ts';
import {
  readChannelState,
  readKeyedState,
  readMergedChannelState,
  readOperatorState,
  readStream,
  type StateFile,
  sum,
} from './state-handles.ts';

/** The state of one operator in a savepoint or a checkpoint. */
export interface StoredOperator {
  readonly id: string;
  /** Undefined: the format is older than 5 (Flink 2.0), or it has none. */
  readonly name: string | undefined;
  readonly uid: string | undefined;
  readonly parallelism: number;
  /** The state can be divided among so many subtasks at most. */
  readonly maxParallelism: number;
  readonly sizeBytes: number;
}

/** What a `_metadata` file says. */
export interface StoredMetadata {
  readonly format: number;
  readonly checkpointId: number;
  readonly kind: StoredKind;
  readonly operators: readonly StoredOperator[];
  readonly files: readonly StateFile[];
}

/** `unknown`: the format does not say. Only since format 4 (Flink 1.15) it does. */
export type StoredKind = 'checkpoint' | 'canonical savepoint' | 'native savepoint' | 'unknown';

export type ReadMetadata =
  | { readonly state: 'read'; readonly metadata: StoredMetadata }
  /** The bytes are damaged, or of a format that is not known here. `reason` is the end of a sentence that begins with "Its _metadata". */
  | { readonly state: 'damaged' | 'unknown'; readonly reason: string };

/** Source: `Checkpoints.HEADER_MAGIC_NUMBER`, Flink 2.3. */
const magic = 0x4960672d;
const masterStateMagic = 0xc96b1696 | 0;
/** Those of Flink 1.11 to 2.3. */
const [oldest, newest] = [3, 6];

/**
 * Reads the file `_metadata` of a savepoint or a checkpoint: a header, the checkpoint's id, states of the master, the operators with handles of
 * their states, and since format 4 the properties of the checkpoint. Source: `MetadataV3Serializer` to `MetadataV6Serializer`, Flink 2.3.
 */
export function readMetadata(content: Uint8Array): ReadMetadata {
  const bytes = new Bytes(content);
  try {
    if (bytes.int() !== magic) return { state: 'damaged', reason: 'does not begin as one of Flink does' };
    const format = bytes.int();
    if (format < oldest || format > newest)
      return { state: 'unknown', reason: `has format ${format}, and those known here are ${oldest} to ${newest}` };
    return { state: 'read', metadata: readBody(bytes, format) };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { state: 'damaged', reason: `is damaged: ${error.message}` };
  }
}

function readBody(bytes: Bytes, format: number): StoredMetadata {
  const checkpointId = bytes.size();
  for (let left = bytes.count(8); left > 0; left -= 1) {
    if (bytes.int() !== masterStateMagic) throw new Damaged('a state of the master has another beginning');
    bytes.skip(bytes.count(1));
  }
  const operators: StoredOperator[] = [];
  const files: StateFile[] = [];
  for (let left = bytes.count(29); left > 0; left -= 1) operators.push(readOperator(bytes, format, files));
  const kind = format >= 4 ? kindOf(readJavaObject(bytes)) : 'unknown';
  if (!bytes.atEnd) throw new Damaged('something follows its end');
  return { format, checkpointId, kind, operators, files };
}

function readOperator(bytes: Bytes, format: number, files: StateFile[]): StoredOperator {
  const [name, uid] = format >= 5 ? [bytes.utf(), bytes.utf()] : ['', ''];
  const id = bytes.hex(16);
  const [parallelism, maxParallelism] = [bytes.int(), bytes.int()];
  if (parallelism < 0 || maxParallelism < parallelism) throw new Damaged('an operator has more subtasks than it may have');
  const named = (file: StateFile): void => void files.push(file);
  const readChannel = format >= 6 ? readMergedChannelState : readChannelState;
  let sizeBytes = readStream(bytes, named);
  // A negative number of subtasks: the operator has finished, and so has a subtask with a negative index.
  const subtasks = bytes.int();
  if (subtasks > parallelism) throw new Damaged('an operator has states of more subtasks than it has');
  for (let left = subtasks; left > 0; left -= 1) {
    if (bytes.int() < 0) continue;
    for (const _ of ['managed', 'raw']) if (bytes.int() !== 0) sizeBytes += readOperatorState(bytes, named);
    for (const _ of ['managed', 'raw']) sizeBytes += readKeyedState(bytes, named);
    for (const _ of ['input', 'output']) sizeBytes += sum(bytes, 18, () => readChannel(bytes, named));
  }
  return {
    id,
    name: name === '' ? undefined : name,
    uid: uid === '' ? undefined : uid,
    parallelism,
    maxParallelism,
    sizeBytes,
  };
}

/** Source: `SavepointType` and `CheckpointType`, Flink 2.3. */
function kindOf({ fields }: JavaObject): StoredKind {
  const type = fields.get('checkpointType');
  if (typeof type !== 'object') return 'unknown';
  if (type.type.endsWith('.CheckpointType')) return 'checkpoint';
  const format = type.fields.get('formatType');
  return format === 'CANONICAL' ? 'canonical savepoint' : format === 'NATIVE' ? 'native savepoint' : 'unknown';
}
