import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { userPath } from '../line/jar-files.ts';
import type { CommandContext } from '../model/types.ts';

/** The jar that the user means: a path, or the name of an example if there is no such file. */
export async function jarPath(word: string, { cwd, home, sandbox }: Pick<CommandContext, 'cwd' | 'home' | 'sandbox'>): Promise<string> {
  const path = userPath(word, { cwd, home });
  if (sandbox === undefined || /[/\\]/.test(word) || (await exists(path))) return path;
  const example = join(sandbox.examples, word);
  return (await exists(example)) ? example : path;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Missing or unreadable: `inspectJar` says which.
    return false;
  }
}
