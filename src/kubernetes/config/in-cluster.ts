import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOBODY, type Profile } from './profile.ts';

/** Where the kubelet mounts the service account (client-go `rest.InClusterConfig`). */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The pod's own service account; `undefined` outside a cluster. The token is read again whenever the kubelet rotates it. */
export async function inClusterProfile(env: NodeJS.ProcessEnv, folder: string = SERVICE_ACCOUNT_FOLDER): Promise<Profile | undefined> {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT;
  const tokenFile = join(folder, 'token');
  if (!host || !port || !(await readable(tokenFile))) return undefined;
  const ca = join(folder, 'ca.crt');
  return {
    context: undefined,
    namespace: await namespaceIn(folder),
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      ca: (await readable(ca)) ? { file: ca } : undefined,
      skipTlsVerify: false,
      tlsServerName: undefined,
      proxyUrl: undefined,
      extensions: new Map(),
    },
    user: { ...NOBODY, name: 'service account', tokenFile },
  };
}

async function namespaceIn(folder: string): Promise<string> {
  try {
    return (await readFile(join(folder, 'namespace'), 'utf8')).trim() || 'default';
  } catch {
    // Optional: a pod may mount the token alone.
    return 'default';
  }
}

async function readable(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    // Missing or unreadable: the caller treats both alike.
    return false;
  }
}
