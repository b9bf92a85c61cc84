import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { parseDocument } from 'yaml';
import { Problem } from '../support/problem.ts';
import { list, record, text, texts, type Json } from './json.ts';
import type { ClusterProfile, ExecSettings, Impersonation, PemSource, UserProfile } from './profile.ts';

/** A kubeconfig file with its paths made absolute, or several of them merged. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterProfile>;
  readonly users: ReadonlyMap<string, UserProfile>;
  readonly contexts: ReadonlyMap<string, { readonly cluster: string | undefined; readonly user: string | undefined; readonly namespace: string | undefined }>;
}

/** Reads one file; `undefined` when it does not exist. Throws a `Problem` when it cannot be read or understood. */
export async function readKubeconfigFile(file: string): Promise<Kubeconfig | undefined> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A file that is not there is skipped, as kubectl does; the caller knows whether it was asked for by name.
    if (code === 'ENOENT') return undefined;
    throw new Problem('invalid', `The kubeconfig file ${file} cannot be read (${code ?? String(error)}).`, { cause: error });
  }
  return parseKubeconfig(content, file);
}

/** `file` is where the content comes from: relative paths in it start at its folder. */
export function parseKubeconfig(content: string, file: string): Kubeconfig {
  const document = parseDocument(content, { prettyErrors: true });
  const notYaml = (error: Error): Problem => new Problem('invalid', `The kubeconfig file ${file} is not valid YAML: ${error.message.split('\n', 1)[0]?.replace(/:$/, '')}.`, { cause: error });
  const broken = document.errors[0];
  if (broken) throw notYaml(broken);
  let root: unknown;
  try {
    root = document.toJS();
  } catch (error) {
    // Anchors that are not there, or that stand for billions.
    throw notYaml(error as Error);
  }
  if (root !== null && root !== undefined && (typeof root !== 'object' || Array.isArray(root))) {
    throw new Problem('invalid', `The file ${file} is not a kubeconfig: it holds no clusters, users and contexts.`);
  }
  const config = record(root);
  const folder = dirname(resolve(file));
  return {
    currentContext: text(config['current-context']),
    clusters: named(config['clusters'], 'cluster', (_, item) => cluster(item, folder, file)),
    users: named(config['users'], 'user', (name, item) => user(name, item, folder, file)),
    contexts: named(config['contexts'], 'context', (_, item) => ({
      cluster: text(item['cluster']), user: text(item['user']), namespace: text(item['namespace']),
    })),
  };
}

function named<T>(entries: unknown, member: string, read: (name: string, item: Json) => T): Map<string, T> {
  const map = new Map<string, T>();
  for (const entry of list(entries)) {
    const name = text(record(entry)['name']);
    if (name !== undefined && !map.has(name)) map.set(name, read(name, record(record(entry)[member])));
  }
  return map;
}

function cluster(item: Json, folder: string, file: string): ClusterProfile {
  const extension = list(item['extensions']).map(record).find((entry) => entry['name'] === 'client.authentication.k8s.io/exec');
  return {
    server: (text(item['server']) ?? '').replace(/\/+$/, ''),
    ca: pem(item, 'certificate-authority', folder, file),
    skipTlsVerify: item['insecure-skip-tls-verify'] === true,
    tlsServerName: text(item['tls-server-name']),
    proxyUrl: text(item['proxy-url']),
    execConfig: extension?.['extension'],
  };
}

function user(name: string, item: Json, folder: string, file: string): UserProfile {
  const username = text(item['username']);
  const tokenFile = text(item['tokenFile']);
  const provider = record(item['auth-provider']);
  const providerName = text(provider['name']);
  return {
    name,
    clientCertificate: pem(item, 'client-certificate', folder, file),
    clientKey: pem(item, 'client-key', folder, file),
    token: text(item['token']),
    tokenFile: tokenFile === undefined ? undefined : resolve(folder, tokenFile),
    basic: username === undefined ? undefined : { username, password: text(item['password']) ?? '' },
    exec: item['exec'] === undefined || item['exec'] === null ? undefined : exec(name, record(item['exec']), folder, file),
    authProvider: providerName === undefined ? undefined : { name: providerName, config: textMap(provider['config']), file: resolve(file) },
    impersonate: impersonation(item),
  };
}

/** `*-data` members win over files, as in client-go. */
function pem(item: Json, member: string, folder: string, file: string): PemSource | undefined {
  const data = text(item[`${member}-data`]);
  if (data !== undefined) {
    const decoded = Buffer.from(data, 'base64').toString('utf8');
    if (!decoded.includes('-----BEGIN')) {
      throw new Problem('invalid', `The member ${member}-data in ${file} is not a PEM text in Base64.`);
    }
    return { text: decoded };
  }
  const path = text(item[member]);
  return path === undefined ? undefined : { file: resolve(folder, path) };
}

function exec(userName: string, item: Json, folder: string, file: string): ExecSettings {
  const command = text(item['command']);
  if (command === undefined) {
    throw new Problem('invalid', `The exec plug-in of user ${userName} in ${file} names no command.`);
  }
  const mode = text(item['interactiveMode']);
  return {
    apiVersion: text(item['apiVersion']) ?? 'client.authentication.k8s.io/v1',
    // A bare name is looked up in PATH; anything with a separator starts at the file's folder (client-go `ResolveLocalPaths`).
    command: !isAbsolute(command) && (command.includes('/') || command.includes(sep)) ? resolve(folder, command) : command,
    args: texts(item['args']),
    env: list(item['env']).map(record).flatMap((entry) => {
      const name = text(entry['name']);
      return name === undefined ? [] : [{ name, value: String(entry['value'] ?? '') }];
    }),
    installHint: text(item['installHint']),
    provideClusterInfo: item['provideClusterInfo'] === true,
    interactiveMode: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
  };
}

function impersonation(item: Json): Impersonation | undefined {
  const user = text(item['as']);
  const uid = text(item['as-uid']);
  const groups = texts(item['as-groups']);
  const extra = Object.fromEntries(Object.entries(record(item['as-user-extra'])).map(([key, values]) => [key, texts(values)]));
  if (user === undefined && uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  return { user, uid, groups, extra };
}

function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(record(value)).map(([key, item]) => [key, String(item)]));
}
