import type { Clock } from '../support/clock.ts';
import { Problem, sentence } from '../support/problem.ts';
import { record } from './json.ts';
import type { ClusterProfile, UserProfile } from './profile.ts';

const RENEW_BEFORE_MS = 30_000;
/** How long a token without a readable expiry is kept before it is asked for again. */
const UNKNOWN_EXPIRY_MS = 60_000;

/** The `auth-provider` of a user (`oidc` and the old cloud ones): a value for the Authorization header. */
export interface AuthProvider {
  authorization(): Promise<string>;
  forget(): void;
}

/** These providers are old and rare: `@kubernetes/client-node` knows them, and is only loaded here. */
export function authProvider(user: UserProfile, cluster: ClusterProfile, clock: Clock): AuthProvider {
  let known: { readonly value: string; readonly until: number } | undefined;
  let running: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const name = user.authProvider?.name ?? 'unknown';
    try {
      const { KubeConfig } = await import('@kubernetes/client-node');
      const config = new KubeConfig();
      config.loadFromOptions({
        // Nothing is sent there; it only insists on https.
        clusters: [{ name: 'cluster', server: cluster.server.replace(/^http:/, 'https:'), skipTLSVerify: cluster.skipTlsVerify }],
        users: [{ name: user.name, authProvider: user.authProvider }],
        contexts: [{ name: 'context', cluster: 'cluster', user: user.name }],
        currentContext: 'context',
      });
      const options: { headers?: Record<string, string> } = {};
      await config.applyToHTTPSOptions(options);
      const value = record(options.headers)['Authorization'];
      if (typeof value !== 'string') throw new Error('it gave no token');
      known = { value, until: (tokenExpiry(value) ?? clock.now() + UNKNOWN_EXPIRY_MS + RENEW_BEFORE_MS) - RENEW_BEFORE_MS };
      return value;
    } catch (error) {
      throw new Problem('unauthorized', `The auth provider ${name} of user ${user.name} gave no token: ${sentence(error)}.`, { cause: error });
    }
  };
  return {
    async authorization() {
      if (known && clock.now() < known.until) return known.value;
      running ??= ask().finally(() => (running = undefined));
      return running;
    },
    forget() {
      known = undefined;
    },
  };
}

/** `exp` of a JSON web token, in epoch milliseconds; undefined when it is something else. */
export function tokenExpiry(authorization: string): number | undefined {
  const payload = authorization.replace(/^Bearer /, '').split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const seconds = record(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))['exp'];
    return typeof seconds === 'number' ? seconds * 1_000 : undefined;
  } catch {
    // Not a JSON web token: opaque tokens are as good.
    return undefined;
  }
}
