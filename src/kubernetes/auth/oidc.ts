import type { Clock } from '../../support/clock.ts';
import { Problem, sentence } from '../../support/problem.ts';
import type { AuthProvider } from './auth-provider.ts';
import { requestTokens } from './oidc-issuer.ts';
import { keepTokens, readTokens, type OidcTokens } from './oidc-tokens.ts';
import type { AuthProviderSettings } from '../config/profile.ts';
import { sharedRun } from '../model/shared-run.ts';
import { tokenExpiry } from './token-expiry.ts';

export interface OidcOptions {
  readonly userName: string;
  readonly settings: AuthProviderSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly onNote: (line: string) => void;
  /** Aborts once no token is needed any more. */
  readonly signal: AbortSignal;
}

/** Source: client-go `plugin/pkg/client/auth/oidc`, `expiryDelta`. */
const RENEW_BEFORE_MS = 10_000;
const LOOKS = 20;
const LOOK_AGAIN_MS = 100;

/**
 * The auth provider `oidc`. Uses the id-token of the kubeconfig while it is valid, then gets new tokens for its refresh-token. It writes
 * them back to the kubeconfig as kubectl does: many issuers accept each refresh-token only once, and kubectl must find the next one.
 * Source: client-go `plugin/pkg/client/auth/oidc`; OpenID Connect Core 1.0, 12.
 */
export function oidc({ userName, settings, env, clock, onNote, signal }: OidcOptions): AuthProvider {
  const { config, file } = settings;
  const issuer = (config['idp-issuer-url'] ?? '').replace(/\/+$/, '');
  let known: OidcTokens = { idToken: config['id-token'], refreshToken: config['refresh-token'] };
  /** A used refresh-token that is still in the kubeconfig, because the next one could not be saved. */
  let usedUp: string | undefined;
  /** A token that the API server rejects although it has not expired. */
  let rejected: string | undefined;

  /** The token, if it can still be used. */
  const usable = ({ idToken }: OidcTokens): string | undefined => {
    if (idToken === undefined || idToken === rejected) return undefined;
    const end = tokenExpiry(idToken);
    return end === undefined || clock.now() < end - RENEW_BEFORE_MS ? idToken : undefined;
  };

  const ask = async (): Promise<string> => {
    // kubectl or another drey may have renewed it meanwhile.
    const good = usable(await kept());
    if (good !== undefined) return good;
    const { refreshToken } = known;
    if (refreshToken === undefined || issuer === '') {
      // If no other token can be had, the API server gives the best reason for rejecting this one.
      if (known.idToken !== undefined && known.idToken === rejected) return known.idToken;
      throw new Problem(
        'unauthorized',
        `The OIDC token of user ${userName} ${known.idToken === undefined ? 'is missing' : 'has expired'}, and the kubeconfig has no ${issuer === '' ? 'idp-issuer-url' : 'refresh-token'}.`,
        { hint: 'Log in again.' },
      );
    }
    try {
      known = await refresh(refreshToken);
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'unauthorized') throw error;
      const others = await renewedElsewhere(refreshToken);
      if (others === undefined) throw error;
      const used = usable(others);
      if (used !== undefined) return used;
      known = await refresh(others.refreshToken ?? '');
    }
    return known.idToken ?? '';
  };

  /** The tokens of the kubeconfig, unless its refresh-token was used here and the next one could not be saved there. */
  const kept = async (): Promise<OidcTokens> => {
    const found = await readTokens(file, userName);
    if (found !== undefined && (usedUp === undefined || found.refreshToken !== usedUp)) known = found;
    return known;
  };

  /** Each refresh-token is accepted once: a faster program is about to write the next one into the kubeconfig. */
  const renewedElsewhere = async (rejectedToken: string): Promise<OidcTokens | undefined> => {
    for (let look = 0; look < LOOKS; look++) {
      if (look > 0) await clock.sleep(LOOK_AGAIN_MS, signal);
      const { refreshToken } = await kept();
      if (refreshToken !== undefined && refreshToken !== rejectedToken) return known;
    }
    return undefined;
  };

  const renewal = sharedRun(ask, clock);

  const refresh = async (refreshToken: string): Promise<OidcTokens> => {
    const fresh = await requestTokens({ issuer, config, userName, env, clock, signal }, refreshToken);
    try {
      await keepTokens(file, userName, fresh, clock, signal);
      usedUp = undefined;
    } catch (error) {
      signal.throwIfAborted();
      usedUp = refreshToken;
      onNote(`The new OIDC token could not be kept in ${file} (${sentence(error)}): kubectl may have to log in again.`);
    }
    return fresh;
  };

  return {
    async authorization() {
      const good = usable(known);
      if (good !== undefined) return `Bearer ${good}`;
      return `Bearer ${await renewal.run()}`;
    },
    forget() {
      rejected = known.idToken;
    },
    retry: renewal.retry,
    renewal: `asking the OIDC issuer ${issuer} again`,
  };
}
