import type { Clock } from '../../support/clock.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { record } from '../model/json.ts';
import type { ClusterProfile, UserProfile } from '../config/profile.ts';
import { sharedRun } from '../model/shared-run.ts';
import { tokenExpiry } from './token-expiry.ts';

const RENEW_BEFORE_MS = 30_000;
/** How long to keep a token whose expiry cannot be read. */
const UNKNOWN_EXPIRY_MS = 60_000;

/** The `auth-provider` of a user: supplies a value for the Authorization header. */
export interface AuthProvider {
  authorization(): Promise<string>;
  /** The server rejected the value: get another one. */
  forget(): void;
  /** Called when the user asks to try again now. */
  retry(): void;
  /** How it gets another one, for a person; undefined: not worth a message. */
  readonly renewal: string | undefined;
}

/** The providers of clouds are old and rare: `@kubernetes/client-node` supports them, and is loaded only here. */
export function cloudAuthProvider(user: UserProfile, cluster: ClusterProfile, clock: Clock): AuthProvider {
  let known: { readonly value: string; readonly until: number } | undefined;
  const ask = async (): Promise<string> => {
    const name = user.authProvider?.name ?? 'unknown';
    try {
      const { KubeConfig } = await import('./client-node.ts');
      const config = new KubeConfig();
      config.loadFromOptions({
        // Nothing is sent to it, but the library insists on https.
        clusters: [{ name: 'cluster', server: cluster.server.replace(/^http:/, 'https:'), skipTLSVerify: cluster.skipTlsVerify }],
        users: [{ name: user.name, authProvider: user.authProvider && { ...user.authProvider, config: { ...user.authProvider.config } } }],
        contexts: [{ name: 'context', cluster: 'cluster', user: user.name }],
        currentContext: 'context',
      });
      const options: { headers?: Record<string, string> } = {};
      await config.applyToHTTPSOptions(options);
      const value = record(options.headers).Authorization;
      if (typeof value !== 'string') throw new Error('it gave no token');
      known = {
        value,
        until: (tokenExpiry(value.replace(/^Bearer /, '')) ?? clock.now() + UNKNOWN_EXPIRY_MS + RENEW_BEFORE_MS) - RENEW_BEFORE_MS,
      };
      return value;
    } catch (error) {
      throw new Problem('unauthorized', `The auth provider ${name} of user ${user.name} gave no token: ${sentence(error)}.`, {
        cause: error,
      });
    }
  };
  const asked = sharedRun(ask, clock);
  return {
    async authorization() {
      if (known && clock.now() < known.until) return known.value;
      return asked.run();
    },
    forget() {
      known = undefined;
    },
    retry: asked.retry,
    renewal: undefined,
  };
}
