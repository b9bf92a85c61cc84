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

/** How many connections to one endpoint may be open at the same time. Through a port-forward each is one stream: a terminal needs few. */
const mostConnections = 6;
const mostIdleConnections = 3;
/** Time limit for `open` of a route, in milliseconds. */
const openTimeoutMs = 15_000;

/** TLS settings of an HTTPS endpoint: which certificates to trust, and which one to send. */
export interface RestTls {
  /** Certificates of authorities, PEM. Default: those of Node.js. */
  readonly ca?: readonly string[] | undefined;
  /** This client's key and certificate, PKCS #12. */
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  /** Accepted certificates of the endpoint: SHA-1, upper-case hex digits without colons. */
  readonly fingerprints?: readonly string[] | undefined;
  /** Accept any host name in the certificate. */
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
    // The name to request (SNI) and to check; an address is only checked.
    ...(isIP(host) !== 0 ? { host } : { servername: host }),
    checkServerIdentity: (name, certificate) =>
      (anyHost === true ? undefined : tls.checkServerIdentity(name, certificate)) ?? checkFingerprint(certificate, fingerprints),
    // As in Java, everything in the truststore is trusted, self-signed or not, and 1024-bit keys are accepted.
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
