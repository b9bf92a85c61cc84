import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { RunningContainer } from './running-container.ts';

/** A path in a container, and how to run something there. */
export interface PodPath {
  readonly kubernetes: Pick<KubernetesClient, 'exec'>;
  readonly namespace: string;
  readonly container: RunningContainer;
  /** Relative to the working folder of the image. */
  readonly path: string;
}

/** What is at a path. Links are followed; `target` is where they lead, as `readlink -f` says it. */
export type PodFile =
  | { readonly kind: 'file'; readonly bytes: number; readonly mode: number; readonly target: string | undefined }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }
  /** A device, a pipe or a socket. */
  | { readonly kind: 'special' };

/** Prints `file SIZE MODE` and the end of a link, or another kind. `$1`: the path. */
const lookScript = `p=$1
if [ -d "$p" ]; then echo folder
elif [ -f "$p" ]; then
  stat -L -c 'file %s %a' "$p"
  if [ -L "$p" ]; then readlink -f "$p"; fi
elif [ -e "$p" ]; then echo special
else echo missing
fi`;

export async function lookAt(at: PodPath, signal: AbortSignal): Promise<PodFile> {
  const { code, output, errors } = await answerOf(at, ['sh', '-c', lookScript, 'sh', safe(at.path)], signal);
  const [line = '', ...rest] = output.toString('utf8').split('\n');
  const [, bytes, mode] = /^file (\d+) ([0-7]+)$/.exec(line) ?? [];
  if (bytes !== undefined && mode !== undefined) {
    const target = rest.join('\n').trimEnd();
    return { kind: 'file', bytes: Number(bytes), mode: Number.parseInt(mode, 8), target: target === '' ? undefined : target };
  }
  if (line === 'folder' || line === 'missing' || line === 'special') return { kind: line };
  throw new Problem('failed', `${nameOf(at)} cannot be looked at: ${errors || `the shell ended with ${code}`}.`);
}

/**
 * Hands the first bytes of a file to `take`, each piece after the one before is taken. A file of `/proc` has no size: all of it is read then.
 * Rejects with a `Problem` if fewer come.
 */
export async function readFile(at: PodPath, bytes: number, take: (piece: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void> {
  let read = 0;
  const command = bytes === 0 ? ['cat', safe(at.path)] : ['head', '-c', String(bytes), safe(at.path)];
  const { code, errors } = await run(at, command, { signal, onStdout: (piece) => ((read += piece.byteLength), take(piece)) });
  if (code !== 0) throw new Problem('failed', `${nameOf(at)} cannot be read: ${errors || `${command[0]} ended with ${code}`}.`);
  if (bytes > 0 && read !== bytes)
    throw new Problem('failed', `Only ${read} of ${bytes} bytes of ${nameOf(at)} came.`, {
      hint: 'It may have been cut meanwhile. Try again.',
    });
}

/** The SHA-256 of its first bytes, as the container computes it; undefined: it has no program for that. */
export async function sumOf(at: PodPath, bytes: number, signal: AbortSignal): Promise<string | undefined> {
  const script = 'head -c "$2" "$1" | sha256sum';
  const { output } = await answerOf(at, ['sh', '-c', script, 'sh', safe(at.path), String(bytes)], signal);
  return /^([0-9a-f]{64})\b/.exec(output.toString('utf8'))?.[1];
}

/** What is to be written. */
export interface Sent {
  readonly content: AsyncIterable<Uint8Array>;
  readonly bytes: number;
  readonly sum: string;
  readonly mode: number;
  readonly overwrite: boolean;
}

const [cannotWrite, wrongSum, exists] = [70, 71, 73];

/**
 * Writes under another name first, and gives the file its name once all of it has come: the script itself removes what is not whole, also when
 * its input ends because the connection broke. It says when it is ready for input, and takes all of it even if it cannot write it: the exit
 * code of a program that ends while input is on its way to it may be lost (containerd 2.1, Kubernetes 1.34: it hangs, or ends with 0). `$1`
 * path, `$2` size, `$3` SHA-256, `$4` mode, `$5` temporary name, `$6` overwrite.
 */
const writeScript = `true > "$5" || exit ${cannotWrite}
echo ready
head -c "$2" > "$5" || { rm -f "$5"; cat > /dev/null; exit ${cannotWrite}; }
sum=$(sha256sum < "$5")
if [ "\${sum%% *}" != "$3" ]; then rm -f "$5"; exit ${wrongSum}; fi
chmod "$4" "$5"
if [ "$6" = no ] && [ -e "$1" ]; then rm -f "$5"; exit ${exists}; fi
mv -f "$5" "$1" || { rm -f "$5"; exit ${cannotWrite}; }
echo kept`;

export async function writeFile(at: PodPath, { content, bytes, sum, mode, overwrite }: Sent, signal: AbortSignal): Promise<void> {
  const path = safe(at.path);
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  const words = [path, String(bytes), sum, mode.toString(8), temporary, overwrite ? 'yes' : 'no'];
  const ready = Promise.withResolvers<void>();
  let said = '';
  const onStdout = (piece: Uint8Array): void => {
    said += Buffer.from(piece).toString('utf8');
    if (said.startsWith('ready')) ready.resolve();
  };
  const stdin = Readable.from(after(ready.promise, content));
  const { code, errors } = await run(at, ['sh', '-c', writeScript, 'sh', ...words], { signal, stdin, onStdout });
  if (said.endsWith('kept\n')) return;
  if (code === exists) throw new Problem('conflict', `${nameOf(at)} exists.`, { hint: '--force overwrites it.' });
  if (code === wrongSum)
    throw new Problem('failed', `${nameOf(at)} did not arrive whole: its SHA-256 is not that of the file here.`, {
      hint: `Nothing is left of it. ${errors === '' ? 'Try again.' : errors}`,
    });
  throw new Problem('failed', `${nameOf(at)} cannot be written: ${errors || `the shell ended with ${code}`}.`);
}

async function* after(begin: Promise<void>, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  await begin;
  yield* content;
}

/** As people write it. */
export const nameOf = ({ container: { pod }, path }: PodPath): string => `${pod.shortName}:${path}`;

/** No program takes it for an option. */
const safe = (path: string): string => (path.startsWith('/') ? path : `./${path}`);

/** Bytes of complaints that are kept. */
const mostErrors = 4_096;

interface Streams {
  readonly signal: AbortSignal;
  readonly stdin?: Readable;
  readonly onStdout?: (piece: Uint8Array) => void | Promise<void>;
}

async function run(
  { kubernetes, namespace, container }: PodPath,
  command: readonly string[],
  streams: Streams,
): Promise<{ readonly code: number; readonly errors: string }> {
  let errors = '';
  try {
    const code = await kubernetes.exec({
      namespace,
      pod: container.pod.name,
      container: container.name,
      command,
      ...streams,
      onStderr(piece) {
        errors = (errors + Buffer.from(piece).toString('utf8')).slice(0, mostErrors);
      },
    });
    return { code, errors: oneLine(errors.trim()) };
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem) || !/executable file not found/.test(error.message)) throw error;
    throw new Problem(
      'failed',
      `Container ${container.name} of pod ${container.pod.shortName} has no ${command[0]}: files cannot be copied.`,
      {
        hint: `debug ${container.pod.shortName} prints a command that brings one.`,
        cause: error,
      },
    );
  }
}

async function answerOf(
  at: PodPath,
  command: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly code: number; readonly output: Buffer; readonly errors: string }> {
  const pieces: Uint8Array[] = [];
  const ended = await run(at, command, { signal, onStdout: (piece) => void pieces.push(piece) });
  return { ...ended, output: Buffer.concat(pieces) };
}
