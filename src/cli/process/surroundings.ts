import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A folder that does not exist, so that nothing is read or written there. */
const nowhere = '/nonexistent';

/**
 * The user's home: `HOME`, otherwise the one in the system's user database. A process with neither (a container's random user) has none:
 * drey must not read from a folder that others can write to instead.
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

/** The base of relative paths. A deleted folder has only its name: using it reports that the file does not exist. */
export function currentFolder(env: NodeJS.ProcessEnv): string {
  try {
    return process.cwd();
  } catch {
    const name = env.PWD;
    return name !== undefined && isAbsolute(name) ? name : nowhere;
  }
}
