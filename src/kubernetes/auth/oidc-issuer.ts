import { readFile } from 'node:fs/promises';
import { exchange, NoAnswer, readAll } from '../../http/http-exchange.ts';
import { codeOf } from '../../http/failures.ts';
import { proxyFor } from '../../http/proxy.ts';
import { Stalled } from '../../http/stall.ts';
import type { Clock } from '../../support/clock.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { agents } from '../connection/agents.ts';
import { text, type Json } from '../model/json.ts';
import type { OidcTokens } from './oidc-tokens.ts';
import type { AuthProviderSettings } from '../config/profile.ts';
import { looseJson } from './token-expiry.ts';

export interface Issuer {
  /** Without a trailing slash. */
  readonly issuer: string;
  readonly config: AuthProviderSettings['config'];
  readonly userName: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface IssuerAnswer {
  readonly status: number;
  readonly json: Json;
}

type Form = Readonly<Record<string, string>>;

const TIMEOUT_MS = 10_000;
const ANSWER_LIMIT = 1 << 20;

/** Gets new tokens for a refresh-token. Rejects with a `Problem`, of kind `unauthorized` if the issuer rejects the token. */
export async function requestTokens(issuer: Issuer, refreshToken: string): Promise<OidcTokens & { readonly idToken: string }> {
  const { issuer: name, userName } = issuer;
  const { status, json } = await exchanged(issuer, await tokenEndpoint(issuer), refreshToken);
  if (status !== 200) {
    const said = [text(json.error), text(json.error_description)].filter((part) => part !== undefined).join(': ');
    const why = said === '' ? String(status) : said;
    if (status >= 500 || status === 429) throw new Problem('unavailable', `The OIDC issuer ${name} gives no token now (${why}).`);
    throw new Problem('unauthorized', `The OIDC issuer ${name} rejects the refresh-token of user ${userName} (${why}).`, {
      hint: 'Log in again.',
    });
  }
  const idToken = text(json.id_token);
  if (idToken === undefined) {
    throw new Problem('unauthorized', `The OIDC issuer ${name} gave no id-token for the refresh-token of user ${userName}.`, {
      hint: 'Log in again with the scope openid.',
    });
  }
  return { idToken, refreshToken: text(json.refresh_token) ?? refreshToken };
}

async function tokenEndpoint(issuer: Issuer): Promise<URL> {
  const { status, json } = await call(issuer, new URL(`${issuer.issuer}/.well-known/openid-configuration`));
  const endpoint = text(json.token_endpoint);
  if (status === 200 && endpoint !== undefined && URL.canParse(endpoint)) return new URL(endpoint);
  throw new Problem('protocol', `The OIDC issuer ${issuer.issuer} does not say where it gives tokens (${status}).`, {
    hint: 'Check idp-issuer-url in the kubeconfig.',
  });
}

/** Finds out as golang.org/x/oauth2 does how the client has to send its secret: in the header first. */
async function exchanged(issuer: Issuer, endpoint: URL, refreshToken: string): Promise<IssuerAnswer> {
  const [id = '', secret = ''] = [issuer.config['client-id'], issuer.config['client-secret']];
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  if (secret === '') return call(issuer, endpoint, { ...form, client_id: id });
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  const answer = await call(issuer, endpoint, form, { Authorization: `Basic ${basic}` });
  return answer.json.error === 'invalid_client' ? call(issuer, endpoint, { ...form, client_id: id, client_secret: secret }) : answer;
}

async function call({ issuer, config, env, clock, signal }: Issuer, url: URL, form?: Form, headers: Form = {}): Promise<IssuerAnswer> {
  const pool = agents({ server: url, proxy: proxyFor(url, undefined, env), skipTlsVerify: false, tlsServerName: undefined, clock });
  const body = form === undefined ? undefined : Buffer.from(new URLSearchParams(form).toString());
  try {
    const answer = await exchange({
      server: url,
      agent: pool.agent({ ca: await authority(config), cert: undefined, key: undefined }),
      method: body ? 'POST' : 'GET',
      path: url.pathname + url.search,
      body,
      headers: {
        Accept: 'application/json',
        ...headers,
        ...(body ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(body.length) } : {}),
      },
      unzip: true,
      signal,
      limits: { totalMs: TIMEOUT_MS },
      clock,
    });
    return { status: answer.status, json: looseJson((await readAll(answer.body, ANSWER_LIMIT)).toString('utf8')) };
  } catch (failure) {
    signal.throwIfAborted();
    const error = failure instanceof NoAnswer ? failure.cause : failure;
    if (error instanceof Problem) throw error;
    const why = error instanceof Stalled ? `no answer for ${TIMEOUT_MS / 1_000} s` : (codeOf(error) ?? sentence(error));
    throw new Problem('unreachable', `The OIDC issuer ${issuer} cannot be reached for a new token (${why}).`, { cause: error });
  } finally {
    pool.close();
  }
}

/** The authority that signed the certificate of the issuer, PEM; undefined: the public ones. */
async function authority(config: Issuer['config']): Promise<string | undefined> {
  const data = config['idp-certificate-authority-data'];
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  const path = config['idp-certificate-authority'];
  if (!path) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Problem(
      'unauthorized',
      `The certificate authority of the OIDC issuer, ${path}, cannot be read (${codeOf(error) ?? sentence(error)}).`,
      { cause: error },
    );
  }
}
