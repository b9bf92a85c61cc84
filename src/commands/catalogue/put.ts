import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { lookAt, nameOf, type PodFile, type PodPath, writeFile } from '../../cluster/pods/pod-files.ts';
import { formatBytes } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { mayExec } from '../model/may-exec.ts';
import { mayOverwrite, podPath, podPathOf } from '../procedures/pod-path.ts';
import { transferReport } from '../procedures/transfer-report.ts';

export const put = command({
  name: 'put',
  summary: 'Copy a file into a pod',
  details:
    'It has another name there until all of it has come and its SHA-256 is that of the file here; what is not whole is removed, also if the connection breaks. ' +
    'The file goes with the container unless its folder is on a volume. Links are followed: the file that a link leads to is overwritten, and the link stays. ' +
    'Nothing is overwritten without a question or --force.',
  group: 'pods',
  examples: ['put job.jar jm:/opt/flink/usrlib/', 'put log4j.properties tm1-1:/tmp/log4j.properties --force'],
  args: { local: arg.text('File here'), to: podPath('Pod and path in it, with a : between') },
  options: {
    container: option.container('CONTAINER', "Container of the pod; default: Flink's"),
    force: option.flag('Overwrite the file there'),
  },
  shell: { kind: 'run', reads: 'pods' },
  danger: 'change',
  source: 'kubernetes',
  access: mayExec,
  async run(context, { local, to, container, force }) {
    const { front, operations, signal } = context;
    const path = userPath(local, context);
    await using file = await readable(path);
    const { at, taken, link } = await freePath(await podPathOf(context, to, container), basename(path), signal);
    if (taken) await mayOverwrite(context, nameOf(at), force);
    const { bytes, sum } = await operations.track(
      { title: `Put ${basename(path)} to ${nameOf(at)}`, kind: 'other', jobId: undefined },
      async ({ progress }, session) => {
        const ends = AbortSignal.any([session, signal]);
        progress('computing its SHA-256');
        const whole = await sumOfFile(file, ends);
        const tell = transferReport(context, { name: basename(path), done: 'comparing its SHA-256', progress });
        const content = piecesOf(path, whole.bytes, tell);
        await writeFile(at, { ...whole, content, mode: file.mode, overwrite: taken }, ends);
        return { value: whole, result: nameOf(at) };
      },
    );
    front.print(
      [
        `Copied to ${nameOf(at)}: ${formatBytes(bytes)}, SHA-256 ${sum}.`,
        ...(link === undefined ? [] : [`${nameOf(link)} is a link to ${at.path}.`]),
      ],
      'good',
    );
  },
});

interface LocalFile extends AsyncDisposable {
  readonly path: string;
  readonly mode: number;
  readonly handle: FileHandle;
}

async function readable(path: string): Promise<LocalFile> {
  const unreadable = (reason: string, cause?: unknown): Problem => new Problem('invalid', `${path} cannot be copied: ${reason}`, { cause });
  // Without this, a pipe that nobody writes to is waited for, and nothing ends that.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Problem('not-found', `There is no file ${path}.`, { cause: error })
      : unreadable(error.message, error);
  });
  const found = await handle.stat();
  if (!found.isFile()) {
    await handle.close();
    throw unreadable(found.isDirectory() ? 'it is a folder, and put copies one file.' : 'it is not a file.');
  }
  return { path, mode: found.mode & 0o777, handle, [Symbol.asyncDispose]: () => handle.close() };
}

async function sumOfFile({ path }: LocalFile, signal: AbortSignal): Promise<{ readonly bytes: number; readonly sum: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path, { signal })) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).byteLength;
  }
  return { bytes, sum: hash.digest('hex') };
}

/** Exactly that many bytes: the far side waits for them. */
async function* piecesOf(path: string, bytes: number, tell: (done: number, total: number) => void): AsyncGenerator<Buffer> {
  if (bytes === 0) return;
  let sent = 0;
  for await (const piece of createReadStream(path, { end: bytes - 1 })) {
    sent += (piece as Buffer).byteLength;
    yield piece as Buffer;
    tell(sent, bytes);
  }
  if (sent < bytes)
    throw new Problem('conflict', `${path} became shorter while it was copied.`, { hint: 'Nothing is left of it in the pod.' });
}

interface Place {
  readonly at: PodPath;
  /** There is a file. */
  readonly taken: boolean;
  /** The link that leads there; undefined: none does. */
  readonly link: PodPath | undefined;
}

/** The path of the file itself: in a folder it keeps its name, and links are followed. */
async function freePath(asked: PodPath, name: string, signal: AbortSignal): Promise<Place> {
  const found = await lookAt(asked, signal);
  if (found.kind === 'special') throw new Problem('invalid', `${nameOf(asked)} is a device, a pipe or a socket: put writes files only.`);
  if (found.kind !== 'folder') {
    if (asked.path.endsWith('/')) throw new Problem('not-found', `There is no folder ${nameOf(asked)}.`);
    return placeOf(asked, found);
  }
  const inside = { ...asked, path: `${asked.path.replace(/\/+$/, '')}/${name}` };
  const there = await lookAt(inside, signal);
  if (there.kind !== 'file' && there.kind !== 'missing') throw new Problem('conflict', `${nameOf(inside)} exists, and is not a file.`);
  return placeOf(inside, there);
}

function placeOf(at: PodPath, found: PodFile): Place {
  const target = found.kind === 'file' ? found.target : undefined;
  const taken = found.kind === 'file';
  return target === undefined ? { at, taken, link: undefined } : { at: { ...at, path: target }, taken, link: at };
}
