import { opendir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { Offer } from './completion.ts';

/** Most entries of a folder to read, and most to offer. */
const mostRead = 5_000;
const mostOffered = 200;

export interface Places {
  readonly cwd: string;
  readonly home: string;
  /** The folder of example jars. */
  readonly examples: string | undefined;
}

/** The path that a user means: `~/` is the home folder, relative paths start at the working directory. */
export function userPath(word: string, { cwd, home }: Pick<Places, 'cwd' | 'home'>): string {
  if (word === '~') return home;
  if (word.startsWith('~/')) return join(home, word.slice(2));
  return isAbsolute(word) ? word : resolve(cwd, word);
}

/**
 * Folders and jars whose path begins with the typed text, in alphabetical order, and the examples. Rejects with errors of the file system,
 * except those that mean that there is nothing to offer.
 */
export async function jarFiles(typed: string, places: Places): Promise<readonly Offer[]> {
  const slash = typed.lastIndexOf('/');
  const folder = typed.slice(0, slash + 1);
  const beginning = typed.slice(slash + 1);
  const found = await jarsIn(userPath(folder === '' ? '.' : folder, places), beginning);
  const offers = found.map(({ name, isFolder }): Offer =>
    isFolder ? { text: `${folder}${name}/`, description: '', unfinished: true } : { text: folder + name, description: 'jar' },
  );
  if (slash >= 0 || places.examples === undefined) return offers;
  const examples = (await jarsIn(places.examples, beginning)).filter(({ isFolder }) => !isFolder);
  return [
    ...examples.map(({ name }): Offer => ({ text: name, description: 'example' })),
    ...offers.filter(({ text }) => !examples.some(({ name }) => name === text)),
  ];
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

async function jarsIn(folder: string, beginning: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let read = 0;
  try {
    for await (const entry of await opendir(folder)) {
      if (++read > mostRead) break;
      if (!entry.name.startsWith(beginning) || (entry.name.startsWith('.') && !beginning.startsWith('.'))) continue;
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(join(folder, entry.name))));
      if (isFolder || entry.name.endsWith('.jar')) entries.push({ name: entry.name, isFolder });
    }
  } catch {
    // A missing or unreadable folder has nothing to offer; submit reports why if it is named.
    return [];
  }
  // Jars first: users look for those.
  return entries.toSorted((a, b) => Number(a.isFolder) - Number(b.isFolder) || (a.name < b.name ? -1 : 1)).slice(0, mostOffered);
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // A broken link.
    return false;
  }
}
