import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { flinkConfig } from '../../config/flink-config.ts';
import { savepointDirectory } from '../../config/options/options-cluster.ts';
import type { SeenFolder } from '../../inside/savepoint/judge.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import type { SavepointFolders } from '../model/types.ts';
import { localFolder, runInJobManager } from './pod-shell.ts';
import type { SavepointFilesOptions } from './savepoint-files.ts';

/** A lost disk may make a shell hang forever. */
const lookMs = 30_000;
/** Savepoints that are looked at, the newest ones first, and files of each that are listed. */
const [mostFolders, mostFiles] = [100, 5_000];
/** Bytes of `_metadata` that are read in all. It is large only if state is in it: up to 20 kB for each subtask of each operator. */
const mostBytes = 16 * 2 ** 20;
const noFolder = 66;

/**
 * Looks at `$1` if it is a savepoint, otherwise at each folder in it that is one by its `_metadata` or by its name, which begins with `$2`.
 * Prints for each a line `D name`, for each of its files `F size name`, for its `_metadata` the time it was written, `M seconds`, and its
 * content in Base64 below a line `B`; a line `L` for each folder that was left out; and at the end a line `E`, without which the output is not
 * whole.
 */
const script = `cd -- "$1" || exit ${noFolder}
left=$3
look() {
  printf 'D %s\\n' "$1"
  find "./$1" -maxdepth 1 -type f -exec stat -c 'F %s %n' {} + | head -n ${mostFiles}
  [ -f "./$1/_metadata" ] || return 0
  stat -c 'M %Y' "./$1/_metadata"
  size=$(stat -c %s "./$1/_metadata")
  [ "$size" -le "$left" ] || return 0
  left=$((left - size))
  echo B
  base64 "./$1/_metadata"
}
number=0
if [ -f _metadata ]; then look .; else ls -1t | while IFS= read -r name; do
  case "$name" in "$2"*) ;; *) continue ;; esac
  case "$name" in savepoint-*|chk-*) [ -d "./$name" ] || continue ;; *) [ -f "./$name/_metadata" ] || continue ;; esac
  number=$((number + 1))
  if [ "$number" -le ${mostFolders} ]; then look "$name"; else echo L; fi
done; fi
printf 'E\\n'`;

/**
 * Looks at the savepoints in a directory: in the JobManager's pod, and if that does not have it or cannot be read, on this machine. Nothing
 * but their `_metadata` is read.
 */
export function savepointFolders({ flink, clock, ...shell }: SavepointFilesOptions): SavepointFolders {
  return async ({ directory: asked, beginning = '' }, given) => {
    using limit = timeLimit(lookMs, given, clock);
    const { signal } = limit;
    let directory = asked;
    try {
      const config = await flink.clusterConfiguration({ signal });
      directory ??= flinkConfig(config).get(savepointDirectory);
      if (directory === undefined) return { state: 'unseen', reason: 'The cluster has no savepoint directory.' };
      const folder = localFolder(directory, config.get('fs.default-scheme'));
      if (folder === undefined)
        return { state: 'unseen', reason: `${directory} cannot be read from here: it is not a folder of a file system that a pod has.` };
      const inPod = await inJobManager(shell, folder, beginning, signal);
      if (inPod.state === 'seen') return { ...inPod, directory };
      const here = await onThisMachine(folder, beginning, signal);
      return here === undefined ? inPod : { state: 'seen', directory, place: 'this machine', ...here };
    } catch (error) {
      given.throwIfAborted();
      const what = directory ?? 'The savepoint directory';
      if (isAbort(error)) return { state: 'unseen', reason: `${what} could not be read: no answer within ${lookMs / 1_000} s.` };
      if (!(error instanceof Problem)) throw error;
      return { state: 'unseen', reason: `${what} could not be read: ${error.message}` };
    }
  };
}

interface Listing {
  readonly folders: readonly SeenFolder[];
  /** How many more there are. */
  readonly left: number;
}

async function inJobManager(
  shell: Parameters<typeof runInJobManager>[0],
  folder: string,
  beginning: string,
  signal: AbortSignal,
): Promise<({ readonly state: 'seen'; readonly place: string } & Listing) | { readonly state: 'unseen'; readonly reason: string }> {
  try {
    const { pod, code, output, errors } = await runInJobManager(shell, script, [folder, beginning, String(mostBytes)], signal);
    const listing = code === 0 ? readListing(folder, output) : undefined;
    if (listing !== undefined) return { state: 'seen', place: `pod ${pod}`, ...listing };
    const reason =
      code === noFolder ? 'there is no such folder' : firstLine(errors) || `the shell ended with ${code} before it had listed all`;
    return { state: 'unseen', reason: `${folder} could not be read in pod ${pod}: ${reason}.` };
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return { state: 'unseen', reason: `${folder} could not be read in the JobManager's pod: ${error.message}` };
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** What the script printed; undefined: not all of it. A name with a line break in it is lost, and nothing else with it. */
function readListing(root: string, output: string): Listing | undefined {
  const lines = output.trimEnd().split('\n');
  if (lines.pop() !== 'E') return undefined;
  const folders: { path: string; writtenAt?: number; files: Map<string, number>; content: string[]; hasContent: boolean }[] = [];
  let left = 0;
  for (const line of lines) {
    const last = folders.at(-1);
    if (line.startsWith('D ')) {
      const name = line.slice(2);
      folders.push({ path: name === '.' ? root : `${root}/${name}`, files: new Map(), content: [], hasContent: false });
    } else if (line === 'L') left += 1;
    else if (last === undefined) continue;
    else if (line === 'B') last.hasContent = true;
    else if (line.startsWith('M ')) last.writtenAt = Number(line.slice(2)) * 1_000;
    else if (line.startsWith('F ')) {
      const [, size, name] = /^F (\d+) .*?([^/]+)$/.exec(line) ?? [];
      if (name !== undefined) last.files.set(name, Number(size));
    } else last.content.push(line);
  }
  return {
    left,
    folders: folders.map(({ path, writtenAt, files, content, hasContent }) => ({
      path,
      writtenAt,
      files,
      filesCut: files.size >= mostFiles,
      metadata: hasContent ? Buffer.from(content.join(''), 'base64') : undefined,
    })),
  };
}

/** The same on this machine; undefined: there is no such folder that its shell can read. */
async function onThisMachine(folder: string, beginning: string, signal: AbortSignal): Promise<Listing | undefined> {
  const asked = promisify(execFile)('sh', ['-c', script, 'sh', folder, beginning, String(mostBytes)], { signal, maxBuffer: 4 * mostBytes });
  try {
    return readListing(folder, (await asked).stdout);
  } catch (error) {
    signal.throwIfAborted();
    // Its exit code, or that there is no shell: the answer of the pod says more.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
