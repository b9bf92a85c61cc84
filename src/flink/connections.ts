import type { Agent } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import { hostOf } from '../http/address.ts';
import { pool } from '../http/pool.ts';
import { Stalled } from '../http/stall.ts';
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

/** The keep-alive pool of one route. */
export function agentFor({ url, open }: RestRoute, options: RestTls, clock: Clock, closed: AbortSignal): Agent {
  const server = new URL(url);
  return pool({
    server,
    security: securityOf(options, hostOf(server)),
    open: open === undefined ? undefined : () => inTime(open, clock, closed),
    most: mostConnections,
    mostIdle: mostIdleConnections,
  });
}

function securityOf({ ca, pfx, passphrase, fingerprints, anyHost }: RestTls, host: string): tls.ConnectionOptions {
  return {
    // The name to ask for and to check; an address is only checked.
    ...(isIP(host) !== 0 ? { host } : { servername: host }),
    checkServerIdentity: (name, certificate) =>
      (anyHost === true ? undefined : tls.checkServerIdentity(name, certificate)) ?? checkFingerprint(certificate, fingerprints),
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

async function inTime(open: NonNullable<RestRoute['open']>, clock: Clock, closed: AbortSignal): Promise<Duplex> {
  using limit = timeLimit(openTimeoutMs, closed, clock);
  try {
    return await open(limit.signal);
  } catch (error) {
    if (limit.signal.aborted && !closed.aborted) throw new Stalled('silent', openTimeoutMs);
    throw error;
  }
}
