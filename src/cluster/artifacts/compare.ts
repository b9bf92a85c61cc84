import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { StoredArtifact } from './store.ts';

/** How what is at the target compares with the file of this machine. `same-size`: the store does not tell more. */
export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'same-size' }
  | { readonly kind: 'other-size'; readonly here: number; readonly there: number }
  | { readonly kind: 'other-content' }
  | { readonly kind: 'unknown' };

/** Reads the file only if the sizes do not tell it. */
export async function compare({ file, size }: { readonly file: string; readonly size: number }, stored: StoredArtifact, signal: AbortSignal): Promise<Comparison> {
  if (stored.size === undefined) return { kind: 'unknown' };
  if (stored.size !== size) return { kind: 'other-size', here: size, there: stored.size };
  const there = await stored.md5(signal);
  if (there === undefined) return { kind: 'same-size' };
  return { kind: (await md5Of(file, signal)) === there ? 'same' : 'other-content' };
}

/** The MD5 of a file, in hexadecimal digits. */
export async function md5Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}
