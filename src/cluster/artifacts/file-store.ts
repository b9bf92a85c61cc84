import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { ensureFolder } from '../../support/folders.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { md5Of } from './compare.ts';
import type { ArtifactStore } from './store.ts';

/** A folder of this machine, possibly mounted in the pods as well. */
export const fileStore: ArtifactStore = {
  async find(target) {
    const path = pathOf(target);
    try {
      const { size } = await stat(path);
      return { size, md5: (signal) => md5Of(path, signal) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw refused(target, error);
    }
  },

  async put(file, target, progress, signal) {
    const path = pathOf(target);
    const unfinished = `${path}.${randomUUID()}.part`;
    let sent = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        sent += chunk.length;
        progress(sent);
        next(undefined, chunk);
      },
    });
    try {
      await ensureFolder(dirname(path));
      await pipeline(createReadStream(file), count, createWriteStream(unfinished, { flags: 'wx' }), { signal });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      if (isAbort(error)) throw error;
      throw refused(target, error);
    }
  },
};

/** `file:/a/b` and `file:///a/b` alike. */
const pathOf = (uri: string): string => fileURLToPath(new URL(uri));

const refused = (target: string, error: unknown): Problem =>
  new Problem('failed', `${target} cannot be written: ${sentence(error)}`, { cause: error });
