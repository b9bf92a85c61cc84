import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Clock } from '../support/clock.ts';
import { timeLimit } from '../support/waiting.ts';
import type { RestRoute } from './types.ts';

/** Connections to one endpoint that are open at the same time. A port-forward is one stream each: a few are enough for a terminal. */
const mostConnections = 6;
const mostIdleConnections = 3;
/** How long an `open` of a route may take, in milliseconds. */
const openTimeoutMs = 15_000;

/** What a client needs to trust an HTTPS endpoint and to be trusted by it. */
export interface RestTls {
  /** Certificates of authorities, PEM; absent: those of Node.js. */
  readonly ca?: readonly string[];
  /** The own key and certificate, PKCS #12. */
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  /** SHA-1 of the endpoint's certificate, upper-case hex digits without colons: one of these. */
  readonly fingerprints?: readonly string[];
  /** Any host name in the certificate will do. */
  readonly anyHost?: boolean;
}

type Opener = () => Promise<Duplex>;

/** The keep-alive pool of one route. */
export function agentFor(route: RestRoute, options: RestTls, clock: Clock, closed: AbortSignal): http.Agent {
  const pool = { keepAlive: true, maxSockets: mostConnections, maxFreeSockets: mostIdleConnections };
  const url = new URL(route.url);
  const secure = url.protocol === 'https:';
  const security = tlsOptions(options, url.hostname);
  if (route.open === undefined) return secure ? new https.Agent({ ...pool, ...security }) : new http.Agent(pool);
  const open = inTime(route.open, clock, closed);
  return secure ? new OpenedTlsAgent(pool, open, security) : new OpenedAgent(pool, open);
}

function tlsOptions({ ca, pfx, passphrase, fingerprints, anyHost }: RestTls, host: string): tls.ConnectionOptions {
  return {
    // The name to ask for and to check; an address is only checked.
    ...(isIP(host) !== 0 ? { host } : { servername: host }),
    checkServerIdentity: (name, certificate) => (anyHost === true ? undefined : tls.checkServerIdentity(name, certificate)) ?? checkFingerprint(certificate, fingerprints),
    // As in Java, whatever the truststore holds is trusted, if it signed itself or not, and keys of 1024 bits will do.
    ...(ca === undefined ? {} : { ca: [...ca], allowPartialTrustChain: true, ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=1` }),
    ...(pfx === undefined ? {} : { pfx }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function checkFingerprint({ fingerprint }: tls.PeerCertificate, wanted: readonly string[] | undefined): Error | undefined {
  if (wanted === undefined || wanted.includes(fingerprint.replaceAll(':', ''))) return undefined;
  return Object.assign(new Error(`its fingerprint is ${fingerprint}`), { code: 'ERR_TLS_CERT_FINGERPRINT' });
}

type Created = (error: Error | null, stream: Duplex) => void;

/** A pool whose connections somebody else opens, for instance through a port-forward. */
class OpenedAgent extends http.Agent {
  readonly #open: Opener;

  constructor(options: http.AgentOptions, open: Opener) {
    super(options);
    this.#open = open;
  }

  override createConnection(_options: unknown, created?: Created): undefined {
    connect(this.#open, created, async (stream) => stream);
    return undefined;
  }
}

/** The same with TLS on top: the endpoint's own certificate is checked, whatever carries the bytes. */
class OpenedTlsAgent extends https.Agent {
  readonly #open: Opener;
  readonly #security: tls.ConnectionOptions;

  constructor(options: http.AgentOptions, open: Opener, security: tls.ConnectionOptions) {
    super(options);
    this.#open = open;
    this.#security = security;
  }

  override createConnection(_options: unknown, created?: Created): undefined {
    connect(this.#open, created, (stream) => secured(stream, this.#security));
    return undefined;
  }
}

function inTime(open: NonNullable<RestRoute['open']>, clock: Clock, closed: AbortSignal): Opener {
  return async () => {
    using limit = timeLimit(openTimeoutMs, closed, clock);
    try {
      return await open(limit.signal);
    } catch (error) {
      if (limit.signal.aborted && !closed.aborted) throw Object.assign(new Error(`no connection within ${openTimeoutMs} ms`, { cause: error }), { code: 'ETIMEDOUT' });
      throw error;
    }
  };
}

function connect(open: Opener, created: Created | undefined, dress: (stream: Duplex) => Promise<Duplex>): void {
  const attempt = async () => asSocket(await dress(await open()));
  attempt().then(
    (stream) => created?.(null, stream),
    // The request that waits for this connection is told; the second argument is not looked at beside an error.
    (error: unknown) => created?.(error instanceof Error ? error : new Error(String(error)), undefined as unknown as Duplex),
  );
}

function secured(stream: Duplex, security: tls.ConnectionOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...security, socket: stream });
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** What node's pool calls on an idle connection; a stream that is no socket has nothing to do then. */
type PoolCalls = Pick<Socket, 'setKeepAlive' | 'setNoDelay' | 'setTimeout' | 'ref' | 'unref'>;

export function asSocket(stream: Duplex): Duplex {
  const calls = stream as Duplex & Partial<Record<keyof PoolCalls, unknown>>;
  for (const name of ['setKeepAlive', 'setNoDelay', 'setTimeout', 'ref', 'unref'] as const) calls[name] ??= () => stream;
  return stream;
}
