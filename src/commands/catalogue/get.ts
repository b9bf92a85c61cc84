import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { lookAt, nameOf, type PodFile, type PodPath, readFile, sumOf } from '../../cluster/pods/pod-files.ts';
import { formatBytes } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { mayExec } from '../model/may-exec.ts';
import type { CommandContext } from '../model/types.ts';
import { isTaken, withNewFile } from '../procedures/new-file.ts';
import { mayOverwrite, podPath, podPathOf } from '../procedures/pod-path.ts';
import { transferReport } from '../procedures/transfer-report.ts';

export const get = command({
  name: 'get',
  summary: 'Copy a file out of a pod',
  details:
    'A file is copied whole, of any size, and its SHA-256 compared with the one that the container computes; until then it has another name. ' +
    'Of a file that grows, what it had at the beginning is copied. Links are followed. A folder is not copied. Nothing is overwritten without a question or --force.',
  group: 'pods',
  examples: ['get tm1-1:/tmp/heap.hprof', 'get jm:/opt/flink/conf/config.yaml jm.yaml --force'],
  args: {
    from: podPath('Pod and path in it, with a : between'),
    local: optional(arg.text('File or folder here; default: the name that it has there, in the current folder')),
  },
  options: {
    container: option.container('CONTAINER', "Container of the pod; default: Flink's"),
    force: option.flag('Overwrite the file here'),
  },
  shell: { kind: 'run', reads: 'pods' },
  danger: 'safe',
  source: 'kubernetes',
  access: mayExec,
  async run(context, { from, local, container, force }) {
    const { front, operations, signal } = context;
    const at = await podPathOf(context, from, container);
    const file = fileOf(at, await lookAt(at, signal));
    const path = await localPath(context, local, at.path);
    const taken = await isTaken(path);
    if (taken && (await isFolder(path)))
      throw new Problem('conflict', `${path} is a folder.`, { hint: 'Give the file another name: get POD:PATH FILE.' });
    if (taken) await mayOverwrite(context, path, force);
    const sum = await operations.track(
      { title: `Get ${at.path} of ${from.pod.shortName}`, kind: 'other', jobId: undefined },
      async ({ progress }, session) => {
        const tell = transferReport(context, { name: at.path, done: 'comparing its SHA-256', progress });
        return {
          value: await copied(at, file, { path, overwrite: taken, tell, signal: AbortSignal.any([session, signal]) }),
          result: path,
        };
      },
    );
    front.print(
      [
        `Saved ${path}: ${formatBytes(sum.bytes)}, ${sum.compared ? `SHA-256 ${sum.text}` : `SHA-256 ${sum.text}, which the container could not compare`}.`,
        ...(file.target === undefined ? [] : [`${nameOf(at)} is a link to ${file.target}.`]),
      ],
      sum.compared ? 'good' : 'warn',
    );
  },
});

type RegularFile = Extract<PodFile, { readonly kind: 'file' }>;

function fileOf(at: PodPath, found: PodFile): RegularFile {
  switch (found.kind) {
    case 'file':
      return found;
    case 'missing':
      throw new Problem('not-found', `There is no file ${nameOf(at)}.`);
    case 'special':
      throw new Problem('invalid', `${nameOf(at)} is a device, a pipe or a socket: it has no content to copy.`);
    case 'folder':
      throw new Problem('invalid', `${nameOf(at)} is a folder: get copies one file.`, {
        hint: `drey exec CLUSTER ${at.container.pod.shortName} -- tar cf - ${at.path} > folder.tar copies all of it.`,
      });
  }
}

/** The name there is typed by the user, and only its last part is used. */
async function localPath(context: Pick<CommandContext, 'cwd' | 'home'>, local: string | undefined, remote: string): Promise<string> {
  const name = posix.basename(remote);
  // What a file is called there is not a path here: `~` is not the home folder.
  if (local === undefined) return join(context.cwd, name);
  const path = userPath(local, context);
  if (await isFolder(path)) return join(path, name);
  if (local.endsWith('/') || local.endsWith(sep)) throw new Problem('not-found', `There is no folder ${path}.`);
  return path;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

interface Copying {
  readonly path: string;
  readonly overwrite: boolean;
  readonly tell: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

interface Sum {
  readonly bytes: number;
  readonly text: string;
  readonly compared: boolean;
}

function copied(at: PodPath, { bytes: size, mode }: RegularFile, { path, overwrite, tell, signal }: Copying): Promise<Sum> {
  return withNewFile({ path, mode, overwrite, signal }, async (file) => {
    const hash = createHash('sha256');
    let bytes = 0;
    const take = async (piece: Uint8Array): Promise<void> => {
      hash.update(piece);
      await file.write(piece);
      bytes += piece.byteLength;
      tell(bytes, Math.max(bytes, size));
    };
    await readFile(at, size, take, signal);
    const text = hash.digest('hex');
    // A file of /proc is another one each time it is read.
    const there = size === 0 ? text : await sumOf(at, size, signal);
    if (there !== undefined && there !== text)
      throw new Problem('failed', `${nameOf(at)} was changed while it was read, or did not arrive as it is: its SHA-256 differs.`, {
        hint: 'Nothing is left of it here. Try again.',
      });
    await file.keep();
    return { bytes, text, compared: there !== undefined };
  });
}
