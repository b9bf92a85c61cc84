import { open } from 'node:fs/promises';
import { zipContent, zipEntries } from '../../src/flink/zip.ts';

/** What a zip has, by name, in its order. */
export async function unzipped(path: string): Promise<ReadonlyMap<string, Buffer>> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const found = new Map<string, Buffer>();
  for (const entry of await zipEntries(file, size)) found.set(entry.name, await zipContent(file, entry, 64 * 2 ** 20));
  return found;
}
