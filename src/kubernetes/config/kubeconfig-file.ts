import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { Problem, toProblem } from '../../support/problem.ts';
import { readKubectlYaml } from './kubectl-yaml.ts';
import { members, type Members } from '../model/members.ts';
import type { ClusterProfile, ExecSettings, Impersonation, PemSource, UserProfile } from './profile.ts';

/** A kubeconfig file, or several merged ones, with absolute paths. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterProfile>;
  readonly users: ReadonlyMap<string, UserProfile>;
  readonly contexts: ReadonlyMap<
    string,
    { readonly cluster: string | undefined; readonly user: string | undefined; readonly namespace: string | undefined }
  >;
}

/** Reads one file; `undefined` if it does not exist. Throws a `Problem` if it cannot be read or understood. */
export async function readKubeconfigFile(file: string): Promise<Kubeconfig | undefined> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A missing file is skipped, as kubectl does; the caller knows whether a user named it.
    if (code === 'ENOENT') return undefined;
    throw new Problem('invalid', `The kubeconfig file ${file} cannot be read (${code ?? String(error)}).`, { cause: error });
  }
  return parseKubeconfig(content, file);
}

/** `file` is the source of the content: relative paths in it start at its folder. */
export function parseKubeconfig(content: Uint8Array | string, file: string): Kubeconfig {
  const root = within(`The kubeconfig file ${file} is not valid YAML:`, () =>
    readKubectlYaml(typeof content === 'string' ? Buffer.from(content) : content),
  );
  if (root !== null && (typeof root !== 'object' || Array.isArray(root))) {
    throw new Problem('invalid', `The file ${file} is not a kubeconfig: it holds no clusters, users and contexts.`);
  }
  return within(`The kubeconfig file ${file} cannot be used:`, () => read(members(root), file));
}

/** Puts the file that a `Problem` is about before its sentence. */
function within<T>(intro: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message, hint } = toProblem(error);
    throw new Problem('invalid', `${intro} ${message}`, { cause: error, hint });
  }
}

function read(config: Members, file: string): Kubeconfig {
  const [version, kind] = [config.text('apiVersion') ?? 'v1', config.text('kind') ?? 'Config'];
  if (version !== 'v1' || kind !== 'Config')
    throw new Problem('invalid', `It is a ${kind} of version ${version}, and not a Config of version v1.`);
  const folder = dirname(resolve(file));
  return {
    currentContext: config.text('current-context'),
    clusters: named(config, 'clusters', 'cluster', (_, item) => cluster(item, folder)),
    users: named(config, 'users', 'user', (name, item) => user(name, item, folder, file)),
    contexts: named(config, 'contexts', 'context', (_, item) => ({
      cluster: item.text('cluster'),
      user: item.text('user'),
      namespace: item.text('namespace'),
    })),
  };
}

function named<T>(config: Members, list: string, member: string, read: (name: string, item: Members) => T): Map<string, T> {
  const map = new Map<string, T>();
  for (const entry of config.maps(list)) {
    const name = entry.text('name');
    const item = entry.map(member);
    // Read for its types, even if nothing can refer to it.
    const value = read(name ?? '', item);
    if (name === undefined) continue;
    if (map.has(name)) throw new Problem('invalid', `${list} has two entries named ${name}.`, { hint: 'Take one of them away.' });
    map.set(name, value);
  }
  return map;
}

function cluster(item: Members, folder: string): ClusterProfile {
  return {
    server: (item.text('server') ?? '').replace(/\/+$/, ''),
    ca: pem(item, 'certificate-authority', folder),
    skipTlsVerify: item.flag('insecure-skip-tls-verify'),
    tlsServerName: item.text('tls-server-name'),
    proxyUrl: item.text('proxy-url'),
    // The first entry of a name counts.
    extensions: new Map(
      item
        .maps('extensions')
        .toReversed()
        .map((entry) => [entry.text('name') ?? '', entry.raw('extension')]),
    ),
  };
}

function user(name: string, item: Members, folder: string, file: string): UserProfile {
  const [username, password] = [item.text('username'), item.text('password')];
  const tokenFile = item.text('tokenFile');
  const provider = item.map('auth-provider');
  const providerName = provider.text('name');
  return {
    name,
    clientCertificate: pem(item, 'client-certificate', folder),
    clientKey: pem(item, 'client-key', folder),
    token: item.text('token'),
    tokenFile: tokenFile === undefined ? undefined : resolve(folder, tokenFile),
    basic: username === undefined && password === undefined ? undefined : { username: username ?? '', password: password ?? '' },
    exec: item.has('exec') ? exec(item.map('exec'), folder) : undefined,
    authProvider: providerName === undefined ? undefined : { name: providerName, config: provider.textMap('config'), file: resolve(file) },
    impersonate: impersonation(item),
  };
}

/** `*-data` fields win over files, as in client-go. */
function pem(item: Members, member: string, folder: string): PemSource | undefined {
  const [data, path] = [item.bytes(`${member}-data`), item.text(member)];
  if (data !== undefined) return { text: data.toString('utf8') };
  return path === undefined ? undefined : { file: resolve(folder, path) };
}

function exec(item: Members, folder: string): ExecSettings {
  const command = item.text('command') ?? '';
  return {
    apiVersion: item.text('apiVersion') ?? '',
    // A bare name is looked up in PATH; anything with a separator is relative to the file's folder (client-go `ResolveLocalPaths`).
    command: !isAbsolute(command) && (command.includes('/') || command.includes(sep)) ? resolve(folder, command) : command,
    args: item.texts('args'),
    env: item.maps('env').map((entry) => ({ name: entry.text('name') ?? '', value: entry.text('value') ?? '' })),
    installHint: item.text('installHint'),
    provideClusterInfo: item.flag('provideClusterInfo'),
    interactiveMode: item.text('interactiveMode') ?? (item.text('apiVersion') === 'client.authentication.k8s.io/v1' ? '' : 'IfAvailable'),
  };
}

function impersonation(item: Members): Impersonation | undefined {
  const user = item.text('as');
  const uid = item.text('as-uid');
  const groups = item.texts('as-groups');
  const extra = item.textsMap('as-user-extra');
  if (user === undefined && uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  return { user, uid, groups, extra };
}
