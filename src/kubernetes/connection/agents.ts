import type { Agent } from 'node:http';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { hostOf, portOf } from '../../http/address.ts';
import { dropIdle, pool } from '../../http/pool.ts';
import { tunnel } from '../../http/tunnel.ts';
import type { Clock } from '../../support/clock.ts';

/** TLS settings of connections to the server, as PEM texts. */
export interface TlsIdentity {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** One keep-alive pool per TLS identity. A changed certificate gets a new pool, and the old one runs dry. */
export interface Agents {
  agent(identity: TlsIdentity): Agent;
  /** Closes the idle connections: after a sleep of the machine they may be dead without knowing it. */
  dropIdle(): void;
  close(): void;
}

export interface AgentsOptions {
  readonly server: URL;
  readonly proxy: URL | undefined;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName: string | undefined;
  readonly clock: Clock;
}

/** Idle connections to keep for the next request. */
const IDLE_SOCKETS = 6;

export function agents(options: AgentsOptions): Agents {
  const { server, proxy, clock } = options;
  let current: { readonly identity: TlsIdentity; readonly agent: Agent } | undefined;
  const all = new Set<Agent>();

  const make = (identity: TlsIdentity): Agent => {
    const open =
      proxy === undefined
        ? undefined
        : () => tunnel(proxy, hostOf(server), portOf(server), { authorities: proxyAuthorities(proxy, server, identity), clock });
    return pool({ server, security: server.protocol === 'https:' ? securityOf(identity, options) : {}, open, mostIdle: IDLE_SOCKETS });
  };

  return {
    agent(identity) {
      if (current && same(current.identity, identity)) return current.agent;
      if (current) dropIdle(current.agent);
      const agent = make(identity);
      all.add(agent);
      current = { identity, agent };
      return agent;
    },
    dropIdle() {
      for (const agent of all) dropIdle(agent);
    },
    close() {
      for (const agent of all) agent.destroy();
    },
  };
}

function securityOf({ ca, cert, key }: TlsIdentity, { server, skipTlsVerify, tlsServerName }: AgentsOptions): tls.ConnectionOptions {
  const name = tlsServerName ?? hostOf(server);
  return {
    ca: ca ?? systemAuthorities(),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: !skipTlsVerify,
    // As in Go: every certificate named in the kubeconfig is trusted, self-signed or not; keys have at least 1024 bits, and SHA-1 is
    // refused.
    allowPartialTrustChain: true,
    ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=1`,
    // An address cannot be requested by SNI; it is checked nevertheless, as in Go.
    servername: isIP(name) ? '' : name,
    // Without SNI, Node checks against the address; if a name is set, check against that.
    checkServerIdentity: (asked: string, peer: tls.PeerCertificate) =>
      withoutNames(peer) ?? tls.checkServerIdentity(tlsServerName ?? asked, peer),
  };
}

/** As in Go, the authority of the cluster vouches for a proxy, too; here the public ones do as well. */
function proxyAuthorities(proxy: URL, server: URL, { ca }: TlsIdentity): readonly string[] | undefined {
  if (proxy.protocol !== 'https:') return undefined;
  return [...(systemAuthorities() ?? tls.rootCertificates), ...(ca === undefined || server.protocol === 'http:' ? [] : [ca])];
}

/** Go ignores the common name, which Node uses if there are no alternative names. */
function withoutNames({ subjectaltname }: tls.PeerCertificate): Error | undefined {
  return subjectaltname === undefined
    ? Object.assign(new Error('it has no alternative names'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    : undefined;
}

function same(a: TlsIdentity, b: TlsIdentity): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}

/** Node's own list and the system's, which Go programs trust; undefined (Node's default) if this Node cannot list them. */
function systemAuthorities(): string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
