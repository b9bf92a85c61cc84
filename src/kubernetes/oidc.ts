import { readFile } from 'node:fs/promises';
import type { Clock } from '../support/clock.ts';
import { Problem, sentence } from '../support/problem.ts';
import { agents } from './agents.ts';
import type { AuthProvider } from './auth-provider.ts';
import { timeLimit } from '../support/waiting.ts';
import { exchange, NoAnswer, readAll } from '../http/exchange.ts';
import { text, type Json } from './json.ts';
import { keepTokens, readTokens, type OidcTokens } from './oidc-tokens.ts';
import type { AuthProviderSettings } from './profile.ts';
import { proxyFor } from '../http/proxy.ts';
import { sharedRun } from './shared-run.ts';
import { looseJson, tokenExpiry } from './token-expiry.ts';
import { codeOf } from '../http/failures.ts';

export interface OidcOptions {
  readonly userName: string;
  readonly settings: AuthProviderSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly onNote: (line: string) => void;
  /** Aborts when nobody needs a token any more. */
  readonly signal: AbortSignal;
}

/** Source: client-go `plugin/pkg/client/auth/oidc`, `expiryDelta`. */
const RENEW_BEFORE_MS = 10_000;
const TIMEOUT_MS = 10_000;
const LOOKS = 20;
const LOOK_AGAIN_MS = 100;
const ANSWER_LIMIT = 1 << 20;

/**
 * The auth provider `oidc`: the id-token of the kubeconfig while it is valid, then new ones for its refresh-token, which are written back to the
 * kubeconfig as kubectl does: many issuers take each refresh-token only once, and kubectl must find the next one. Source: client-go
 * `plugin/pkg/client/auth/oidc`; OpenID Connect Core 1.0, 12.
 */
export function oidc({ userName, settings, env, clock, onNote, signal }: OidcOptions): AuthProvider {
  const { config, file } = settings;
  const issuer = (config['idp-issuer-url'] ?? '').replace(/\/+$/, '');
  let known: OidcTokens = { idToken: config['id-token'], refreshToken: config['refresh-token'] };
  /** A refresh-token that was used, and that the kubeconfig still holds because another could not be kept. */
  let usedUp: string | undefined;
  /** A token that the API server does not accept, whatever its time says. */
  let rejected: string | undefined;

  /** The token, while it is good. */
  const usable = ({ idToken }: OidcTokens): string | undefined => {
    if (idToken === undefined || idToken === rejected) return undefined;
    const end = tokenExpiry(idToken);
    return end === undefined || clock.now() < end - RENEW_BEFORE_MS ? idToken : undefined;
  };

  const ask = async (): Promise<string> => {
    // kubectl, or another drey, may have renewed it meanwhile.
    const good = usable(await kept());
    if (good !== undefined) return good;
    const { refreshToken } = known;
    if (refreshToken === undefined || issuer === '') {
      // Without a way to another one, the API server says best what is wrong with this one.
      if (known.idToken !== undefined && known.idToken === rejected) return known.idToken;
      throw new Problem('unauthorized', `The OIDC token of user ${userName} ${known.idToken === undefined ? 'is missing' : 'has expired'}, and the kubeconfig has no ${issuer === '' ? 'idp-issuer-url' : 'refresh-token'}.`, { hint: 'Log in again.' });
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

  /** The tokens of the kubeconfig, unless its refresh-token is one that was used up here and could not be replaced there. */
  const kept = async (): Promise<OidcTokens> => {
    const found = await readTokens(file, userName);
    if (found !== undefined && (usedUp === undefined || found.refreshToken !== usedUp)) known = found;
    return known;
  };

  /** Each refresh-token is good once: who was quicker is about to write the next one into the kubeconfig. */
  const renewedElsewhere = async (rejectedToken: string): Promise<OidcTokens | undefined> => {
    for (let look = 0; look < LOOKS; look++) {
      if (look > 0) await clock.sleep(LOOK_AGAIN_MS, signal);
      const { refreshToken } = await kept();
      if (refreshToken !== undefined && refreshToken !== rejectedToken) return known;
    }
    return undefined;
  };

  const renewal = sharedRun(ask, clock);

  const refresh = async (refreshToken: string): Promise<OidcTokens & { readonly idToken: string }> => {
    const described = await call(new URL(`${issuer}/.well-known/openid-configuration`));
    const endpoint = text(described.json['token_endpoint']);
    if (described.status !== 200 || endpoint === undefined || !URL.canParse(endpoint)) throw new Problem('protocol', `The OIDC issuer ${issuer} does not say where it gives tokens (${described.status}).`, { hint: 'Check idp-issuer-url in the kubeconfig.' });
    const [id = '', secret = ''] = [config['client-id'], config['client-secret']];
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const inForm = { ...form, client_id: id, ...(secret === '' ? {} : { client_secret: secret }) };
    const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
    // As golang.org/x/oauth2 finds out how a client has to show its secret: in the header first.
    let answer = await call(new URL(endpoint), secret === '' ? inForm : form, secret === '' ? {} : { Authorization: `Basic ${basic}` });
    if (secret !== '' && answer.json['error'] === 'invalid_client') answer = await call(new URL(endpoint), inForm);
    const { status, json } = answer;
    if (status !== 200) {
      const said = [text(json['error']), text(json['error_description'])].filter((part) => part !== undefined).join(': ');
      const why = said === '' ? String(status) : said;
      if (status >= 500 || status === 429) throw new Problem('unavailable', `The OIDC issuer ${issuer} gives no token now (${why}).`);
      throw new Problem('unauthorized', `The OIDC issuer ${issuer} rejects the refresh-token of user ${userName} (${why}).`, { hint: 'Log in again.' });
    }
    const idToken = text(json['id_token']);
    if (idToken === undefined) throw new Problem('unauthorized', `The OIDC issuer ${issuer} gave no id-token for the refresh-token of user ${userName}.`, { hint: 'Log in again with the scope openid.' });
    const fresh = { idToken, refreshToken: text(json['refresh_token']) ?? refreshToken };
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

  const call = async (url: URL, form?: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly json: Json }> => {
    const pool = agents({ server: url, proxy: proxyFor(url, undefined, env), skipTlsVerify: false, tlsServerName: undefined, clock });
    using limit = timeLimit(TIMEOUT_MS, signal, clock);
    try {
      const body = form === undefined ? undefined : Buffer.from(new URLSearchParams(form).toString());
      const answer = await exchange({
        server: url, agent: pool.agent({ ca: await authority(), cert: undefined, key: undefined }), method: body ? 'POST' : 'GET', path: url.pathname + url.search, body,
        headers: { Accept: 'application/json', ...headers, ...(body ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(body.length) } : {}) },
        unzip: true, signal: limit.signal, limits: {}, clock,
      });
      return { status: answer.status, json: looseJson((await readAll(answer.body, ANSWER_LIMIT)).toString('utf8')) };
    } catch (failure) {
      signal.throwIfAborted();
      const error = failure instanceof NoAnswer ? failure.cause : failure;
      if (error instanceof Problem) throw error;
      const why = limit.signal.aborted ? `no answer for ${TIMEOUT_MS / 1_000} s` : (codeOf(error) ?? sentence(error));
      throw new Problem('unreachable', `The OIDC issuer ${issuer} cannot be reached for a new token (${why}).`, { cause: error });
    } finally {
      pool.close();
    }
  };

  const authority = async (): Promise<string | undefined> => {
    const data = config['idp-certificate-authority-data'];
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    const path = config['idp-certificate-authority'];
    if (!path) return undefined;
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new Problem('unauthorized', `The certificate authority of the OIDC issuer, ${path}, cannot be read (${(error as NodeJS.ErrnoException).code ?? sentence(error)}).`, { cause: error });
    }
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
