import { chmod, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isMap, isSeq, Scalar, type Document, type YAMLMap } from 'yaml';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { kubectlDocuments, kubectlText } from '../config/kubectl-yaml.ts';

export interface OidcTokens {
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
}

/** A lock is held while a file is written, which takes milliseconds. An older lock was left behind by a program that ended. */
const STALE_LOCK_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** The user's tokens as they are in the kubeconfig now; undefined if they can no longer be read there. */
export async function readTokens(file: string, userName: string): Promise<OidcTokens | undefined> {
  let text: string;
  try {
    text = kubectlText(await readFile(file));
  } catch {
    // The file existed when drey started: its content at that time still counts.
    return undefined;
  }
  const config = configOf(kubectlDocuments(text)[0], userName);
  const value = (name: string): string | undefined => {
    const found = config?.get(name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  return config === undefined ? undefined : { idToken: value('id-token'), refreshToken: value('refresh-token') };
}

/**
 * Writes new tokens into the kubeconfig and leaves the rest of it unchanged. Waits for the lock that kubectl also takes (client-go
 * `clientcmd.lockFile`), and removes a lock that is too old to be in use.
 */
export async function keepTokens(file: string, userName: string, tokens: OidcTokens, clock: Clock, signal: AbortSignal): Promise<void> {
  const path = await realpath(file);
  const lock = `${path}.lock`;
  await lockFile(lock, clock, signal);
  try {
    const text = kubectlText(await readFile(path));
    const [document, ...more] = kubectlDocuments(text);
    const config = configOf(document, userName);
    if (document === undefined || config === undefined) throw new Problem('invalid', `it has no user ${userName} any more`);
    config.set('id-token', quoted(tokens.idToken));
    config.set('refresh-token', quoted(tokens.refreshToken));
    const fresh = `${path}.${process.pid}.new`;
    // Only the first document counts; the rest stays unchanged.
    const rest = more.length === 0 ? '' : text.slice(document.range[2]);
    try {
      await writeFile(fresh, document.toString({ lineWidth: 0 }) + rest, { mode: 0o600 });
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

async function lockFile(lock: string, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await (await open(lock, 'wx', 0o600)).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isStale(lock, clock)) await rm(lock, { force: true });
    else await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

async function isStale(lock: string, clock: Clock): Promise<boolean> {
  try {
    return clock.now() - (await stat(lock)).mtimeMs > STALE_LOCK_MS;
  } catch {
    // Someone else removed it meanwhile.
    return false;
  }
}

/** Quoted, so that a token that looks like a number or a date remains a string for every reader. */
function quoted(token: string | undefined): Scalar<string> | undefined {
  if (token === undefined) return undefined;
  const scalar = new Scalar(token);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function configOf(document: Document | undefined, userName: string): YAMLMap | undefined {
  const users = document?.get('users');
  if (!isSeq(users)) return undefined;
  const user = users.items.find((item) => isMap(item) && item.get('name') === userName);
  const config = isMap(user) ? user.getIn(['user', 'auth-provider', 'config']) : undefined;
  return isMap(config) ? config : undefined;
}
