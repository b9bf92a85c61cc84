import { X509Certificate } from 'node:crypto';
import type { Clock } from '../../support/clock.ts';
import { cloudAuthProvider, type AuthProvider } from './auth-provider.ts';
import { execPlugin, type LendTerminal } from './exec-plugin.ts';
import { oidc } from './oidc.ts';
import type { Impersonation, PemSource, Profile } from '../config/profile.ts';
import { watchedFile } from './watched-file.ts';

/** The user of one request. */
export interface Identity {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** PEM texts. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** The credentials of one user of one cluster, kept fresh. Rejects with a `Problem` of kind `unauthorized`. */
export interface Credentials {
  identity(): Promise<Identity>;
  /** The server's authority as PEM; undefined: those of the system. */
  authority(): Promise<string | undefined>;
  /**
   * Call if the server rejected this identity. True if another one may replace it, so that one more try makes sense; reports the first
   * rejection as a note.
   */
  renew(rejected: Identity): boolean;
  /** Called when the user asks to try again now, whatever failed before. */
  retry(): void;
}

export interface CredentialOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly interactive: boolean;
  /** See `ConnectOptions`. */
  readonly lendTerminal: LendTerminal | undefined;
  readonly onNote: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Rejections of one identity within this time count once. */
const SAME_REJECTION_MS = 5_000;

export function credentials({ cluster, user }: Profile, options: CredentialOptions): Credentials {
  const { clock } = options;
  const pem = (source: PemSource | undefined, what: string): { read(): Promise<string | undefined>; forget(): void } => {
    if (source && 'file' in source) return watchedFile(source.file, what, clock);
    return { read: async () => source?.text, forget() {} };
  };
  const authority = pem(cluster.ca, 'certificate authority');
  const cert = pem(user.clientCertificate, 'client certificate');
  const key = pem(user.clientKey, 'client key');
  const tokenFile = user.tokenFile === undefined ? undefined : watchedFile(user.tokenFile, 'token file', clock);
  const hasToken = user.token !== undefined || tokenFile !== undefined || user.basic !== undefined;
  const plugin = user.exec && !hasToken ? execPlugin({ ...options, settings: user.exec, cluster, ca: authority.read }) : undefined;
  const provider = user.authProvider && !hasToken && !plugin ? authProvider({ cluster, user }, options) : undefined;
  const impersonation = user.impersonate ? impersonationHeaders(user.impersonate) : {};

  /** In client-go's order: a token file wins over a token, both win over name and password, and those over plug-ins. */
  const authorization = async (pluginToken: string | undefined): Promise<string | undefined> => {
    if (tokenFile) return `Bearer ${(await tokenFile.read()).trim()}`;
    if (user.token !== undefined) return `Bearer ${user.token}`;
    if (user.basic) return `Basic ${Buffer.from(`${user.basic.username}:${user.basic.password}`).toString('base64')}`;
    if (pluginToken !== undefined) return `Bearer ${pluginToken}`;
    return provider?.authorization();
  };

  let latest: Identity | undefined;
  let renewal: { readonly of: string; readonly at: number } | undefined;
  const renewing = plugin && user.exec ? `running ${short([user.exec.command, ...user.exec.args].join(' '))} again` : provider?.renewal;

  return {
    async identity() {
      const credential = await plugin?.credential();
      const value = await authorization(credential?.token);
      latest = {
        headers: value === undefined ? impersonation : { ...impersonation, Authorization: value },
        cert: credential?.clientCertificate ?? (await cert.read()),
        key: credential?.clientKey ?? (await key.read()),
      };
      return latest;
    },
    authority: authority.read,
    renew(rejected) {
      const files = [user.clientCertificate, user.clientKey].some((source) => source !== undefined && 'file' in source);
      if (tokenFile === undefined && plugin === undefined && provider === undefined && !files) return false;
      const of = fingerprint(rejected);
      // If several requests are rejected together, only the first renews; later ones see a newer identity.
      const known =
        (latest !== undefined && fingerprint(latest) !== of) || (renewal?.of === of && clock.monotonic() - renewal.at < SAME_REJECTION_MS);
      if (known) return true;
      renewal = { of, at: clock.monotonic() };
      for (const source of [tokenFile, plugin, provider, cert, key]) source?.forget();
      if (renewing !== undefined) options.onNote(`token rejected; ${renewing}`);
      return true;
    },
    retry() {
      for (const source of [plugin, provider]) source?.retry();
    },
  };
}

function authProvider(
  { cluster, user }: Pick<Profile, 'cluster' | 'user'>,
  { env, clock, onNote, signal }: CredentialOptions,
): AuthProvider {
  if (user.authProvider?.name !== 'oidc') return cloudAuthProvider(user, cluster, clock);
  return oidc({ userName: user.name, settings: user.authProvider, env, clock, onNote, signal });
}

const fingerprint = ({ headers, cert }: Identity): string => `${String(headers.Authorization)} ${cert ?? ''}`;

/** A command line that fits into a sentence: an argument may be a long script. */
const short = (line: string): string => {
  const flat = line.replaceAll(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat;
};

/** Source: client-go `transport.impersonatingRoundTripper`. */
function impersonationHeaders({ user, uid, groups, extra }: Impersonation): Record<string, string | readonly string[]> {
  return {
    ...(user === undefined ? {} : { 'Impersonate-User': user }),
    ...(uid === undefined ? {} : { 'Impersonate-Uid': uid }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups }),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values])),
  };
}

/** The end of validity of a PEM certificate, in epoch milliseconds; undefined if it cannot be read. */
export function certificateEnd(pem: string): number | undefined {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    // TLS will refuse it and give the reason.
    return undefined;
  }
}
