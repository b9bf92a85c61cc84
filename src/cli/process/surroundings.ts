import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What has no place: a folder that is nowhere, so that nothing is read there, and nothing is kept. */
const nowhere = '/nonexistent';

/**
 * The user's home: `HOME`, else what the system knows of the user. A process with neither (a container's random user) has none; nothing is
 * read from a folder that others can write to in its place.
 */
export function homeFolder(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (isAbsolute(home)) return home;
    } catch {
      // The system does not know the user.
    }
  }
  return join(nowhere, 'drey');
}

/** The folder that relative paths are meant from. One that was deleted has only its name: what needs it says that the file is not there. */
export function currentFolder(env: NodeJS.ProcessEnv): string {
  try {
    return process.cwd();
  } catch {
    const name = env['PWD'];
    return name !== undefined && isAbsolute(name) ? name : nowhere;
  }
}
