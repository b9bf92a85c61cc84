import { chmod, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { Problem } from '../support/problem.ts';

export interface OidcTokens {
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
}

/** The tokens of a user as they are in the kubeconfig now; undefined when it no longer tells. */
export async function readTokens(file: string, userName: string): Promise<OidcTokens | undefined> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch {
    // It was there when drey started: what was in it then still counts.
    return undefined;
  }
  const config = configOf(parseDocument(content), userName);
  const value = (name: string): string | undefined => {
    const found = config?.get(name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  return config === undefined ? undefined : { idToken: value('id-token'), refreshToken: value('refresh-token') };
}

/**
 * Writes new tokens into the kubeconfig and leaves the rest of it as it is. Under the lock that kubectl takes, too (client-go
 * `clientcmd.lockFile`); rejects when somebody else holds it.
 */
export async function keepTokens(file: string, userName: string, tokens: OidcTokens): Promise<void> {
  const path = await realpath(file);
  const lock = `${path}.lock`;
  await (await open(lock, 'wx', 0o600)).close();
  try {
    const document = parseDocument(await readFile(path, 'utf8'));
    const config = configOf(document, userName);
    if (config === undefined) throw new Problem('invalid', `it has no user ${userName} any more`);
    config.set('id-token', tokens.idToken);
    config.set('refresh-token', tokens.refreshToken);
    const fresh = `${path}.${process.pid}.new`;
    try {
      await writeFile(fresh, document.toString({ lineWidth: 0 }), { mode: 0o600 });
      await chmod(fresh, (await stat(path)).mode & 0o777);
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  } finally {
    await rm(lock, { force: true });
  }
}

function configOf(document: Document, userName: string): YAMLMap | undefined {
  const users = document.get('users');
  if (!isSeq(users)) return undefined;
  const user = users.items.find((item) => isMap(item) && item.get('name') === userName);
  const config = isMap(user) ? user.getIn(['user', 'auth-provider', 'config']) : undefined;
  return isMap(config) ? config : undefined;
}
