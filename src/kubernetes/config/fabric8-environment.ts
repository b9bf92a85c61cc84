import type { RequestLimits } from '../connection/request-limit.ts';
import { NOBODY, type PemSource, type Profile } from './profile.ts';

/**
 * The variables that override the kubeconfig, so that a script written for Flink's own client reaches the same server. Source: Fabric8
 * kubernetes-client 7.3 `Config.configFromSysPropsOrEnvVars` (names upper-cased, `.` and `-` as `_`).
 */
export function overlayFabric8Environment(profile: Profile | undefined, env: NodeJS.ProcessEnv): Profile | undefined {
  const value = (name: string): string | undefined => env[`KUBERNETES_${name}`] || undefined;
  const master = value('MASTER');
  if (profile === undefined && master === undefined) return undefined;
  const base: Profile = profile ?? {
    context: undefined,
    namespace: 'default',
    cluster: { server: '', ca: undefined, skipTlsVerify: false, tlsServerName: undefined, proxyUrl: undefined, extensions: new Map() },
    user: NOBODY,
  };
  const username = value('AUTH_BASIC_USERNAME');
  const token = value('AUTH_TOKEN');
  return {
    context: base.context,
    namespace: value('NAMESPACE') ?? base.namespace,
    cluster: {
      ...base.cluster,
      server: master === undefined ? base.cluster.server : serverUrl(master),
      ca: source(value('CERTS_CA_DATA'), value('CERTS_CA_FILE')) ?? base.cluster.ca,
      skipTlsVerify: value('TRUST_CERTIFICATES') === undefined ? base.cluster.skipTlsVerify : value('TRUST_CERTIFICATES') === 'true',
    },
    user: {
      ...base.user,
      clientCertificate: source(value('CERTS_CLIENT_DATA'), value('CERTS_CLIENT_FILE')) ?? base.user.clientCertificate,
      clientKey: source(value('CERTS_CLIENT_KEY_DATA'), value('CERTS_CLIENT_KEY_FILE')) ?? base.user.clientKey,
      token: token ?? base.user.token,
      tokenFile: token === undefined ? base.user.tokenFile : undefined,
      basic: username === undefined ? base.user.basic : { username, password: value('AUTH_BASIC_PASSWORD') ?? '' },
    },
  };
}

/** Limits of requests from the environment. Anything but a number of milliseconds or requests above 0 is ignored. */
export function fabric8Limits(env: NodeJS.ProcessEnv): RequestLimits {
  const number = (name: string): number | undefined => (/^[1-9]\d{0,8}$/.test(env[name] ?? '') ? Number(env[name]) : undefined);
  return {
    timeoutMs: number('KUBERNETES_REQUEST_TIMEOUT'),
    connectMs: number('KUBERNETES_CONNECTION_TIMEOUT'),
    atATime: number('KUBERNETES_MAX_CONCURRENT_REQUESTS'),
  };
}

function serverUrl(master: string): string {
  return (/^https?:\/\//.test(master) ? master : `https://${master}`).replace(/\/+$/, '');
}

function source(data: string | undefined, file: string | undefined): PemSource | undefined {
  if (data !== undefined) return { text: Buffer.from(data, 'base64').toString('utf8') };
  return file === undefined ? undefined : { file };
}
