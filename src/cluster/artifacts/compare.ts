import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isAbort } from '../../support/problem.ts';
import type { StoredArtifact } from './store.ts';

/** How the object at the target compares with the local file. `same-size`: nothing more is known. */
export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'same-size' }
  | { readonly kind: 'other-size'; readonly here: number; readonly there: number }
  | { readonly kind: 'other-content' }
  | { readonly kind: 'unknown' };

/** Reads the file only if the sizes are equal. */
export async function compare(
  { file, size }: { readonly file: string; readonly size: number },
  stored: StoredArtifact,
  signal: AbortSignal,
): Promise<Comparison> {
  if (stored.size === undefined) return { kind: 'unknown' };
  if (stored.size !== size) return { kind: 'other-size', here: size, there: stored.size };
  const there = await stored.md5(signal);
  if (there === undefined) return { kind: 'same-size' };
  const here = await md5Of(file, signal);
  if (here === undefined) return { kind: 'same-size' };
  return { kind: here === there ? 'same' : 'other-content' };
}

/** The MD5 of a file, in hexadecimal digits; undefined if it cannot be read: a comparison is not worth failing for. */
export async function md5Of(file: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const hash = createHash('md5');
    await pipeline(createReadStream(file), hash, { signal });
    return hash.digest('hex');
  } catch (error) {
    if (isAbort(error)) throw error;
    return undefined;
  }
}
