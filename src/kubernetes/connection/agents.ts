import type { Agent } from 'node:http';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { hostOf, portOf } from '../../http/address.ts';
import { dropIdle, pool } from '../../http/pool.ts';
import { tunnel } from '../../http/tunnel.ts';
import type { Clock } from '../../support/clock.ts';

/** What a TLS connection to the server needs. PEM texts. */
export interface TlsIdentity {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** One keep-alive pool per TLS identity; a changed certificate gets a pool of its own and the old one runs dry. */
export interface Agents {
  agent(identity: TlsIdentity): Agent;
  /** Closes the connections that nobody uses: after a sleep they may be dead without knowing it. */
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

/** Idle connections kept for the next request. */
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
    // As in Go: what the kubeconfig names is trusted, if it signed itself or not; keys from 1024 bits on, and no SHA-1.
    allowPartialTrustChain: true,
    ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=1`,
    // An address cannot be asked for by SNI; it is checked all the same, as Go does.
    servername: isIP(name) ? '' : name,
    // Without SNI Node checks against the address: with a name that was set, against that name.
    checkServerIdentity: (asked: string, peer: tls.PeerCertificate) =>
      withoutNames(peer) ?? tls.checkServerIdentity(tlsServerName ?? asked, peer),
  };
}

/** As Go does, the authority of the cluster vouches for a proxy, too; here also those that everybody trusts. */
function proxyAuthorities(proxy: URL, server: URL, { ca }: TlsIdentity): readonly string[] | undefined {
  if (proxy.protocol !== 'https:') return undefined;
  return [...(systemAuthorities() ?? tls.rootCertificates), ...(ca === undefined || server.protocol === 'http:' ? [] : [ca])];
}

/** Go does not look at the common name, which Node takes where there are no alternative names. */
function withoutNames({ subjectaltname }: tls.PeerCertificate): Error | undefined {
  return subjectaltname === undefined
    ? Object.assign(new Error('it has no alternative names'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    : undefined;
}

function same(a: TlsIdentity, b: TlsIdentity): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}

/** Node's own list and the system's, as Go programs trust; undefined (Node's default) where Node cannot tell. */
function systemAuthorities(): string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
