import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import type { Clock } from '../support/clock.ts';
import { tunnel } from './tunnel.ts';

/** What a TLS connection to the server needs. PEM texts. */
export interface TlsIdentity {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** One keep-alive pool per TLS identity; a changed certificate gets a pool of its own and the old one runs dry. */
export interface Agents {
  agent(identity: TlsIdentity): HttpAgent;
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
/** The kernel asks a silent peer after this time and gives it up some ten seconds later. */
const KEEP_ALIVE_PROBE_MS = 10_000;

type ConnectionCallback = (error: Error | null, stream: Duplex) => void;

export function agents({ server, proxy, skipTlsVerify, tlsServerName, clock }: AgentsOptions): Agents {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const port = Number(server.port || (server.protocol === 'https:' ? 443 : 80));
  const common: AgentOptions = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_PROBE_MS, maxFreeSockets: IDLE_SOCKETS, scheduling: 'lifo' };
  let current: { readonly identity: TlsIdentity; readonly agent: HttpAgent } | undefined;
  const all = new Set<HttpAgent>();

  const through = (agent: HttpAgent, proxy: URL, ca: string | undefined, secure: (socket: Socket) => Duplex): void => {
    agent.createConnection = (_options: unknown, callback?: ConnectionCallback) => {
      const authorities = proxy.protocol === 'https:' ? [...(systemAuthorities() ?? tls.rootCertificates), ...(ca === undefined ? [] : [ca])] : undefined;
      const open = async (): Promise<Duplex> => {
        const socket = await tunnel(proxy, host, port, { authorities, clock });
        try {
          return secure(socket);
        } catch (error) {
          // A client certificate that is none is noticed here.
          socket.destroy();
          throw error;
        }
      };
      open().then(
        (stream) => callback?.(null, stream),
        (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
      );
      return undefined;
    };
  };

  const make = ({ ca, cert, key }: TlsIdentity): HttpAgent => {
    if (server.protocol === 'http:') {
      const agent = new HttpAgent(common);
      if (proxy) through(agent, proxy, undefined, (socket) => socket);
      return agent;
    }
    const name = tlsServerName ?? host;
    // An address cannot be asked for by SNI; it is checked all the same, as Go does.
    const servername = isIP(name) ? '' : name;
    const tlsOptions: tls.ConnectionOptions = {
      ca: ca ?? systemAuthorities(),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      rejectUnauthorized: !skipTlsVerify,
      // As in Go: what the kubeconfig names is trusted, if it signed itself or not; keys from 1024 bits on, and no SHA-1.
      allowPartialTrustChain: true,
      ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=1`,
      servername,
      // Without SNI Node checks against the address: with a name that was set, against that name.
      checkServerIdentity: (asked: string, peer: tls.PeerCertificate) => withoutNames(peer) ?? tls.checkServerIdentity(tlsServerName ?? asked, peer),
    };
    const agent = new HttpsAgent({ ...common, ...tlsOptions });
    // As Go does, the authority of the cluster vouches for a proxy, too; here also those that everybody trusts.
    // Reading all authorities takes milliseconds: once for all connections. What is wrong with a certificate is noticed here.
    let context: tls.SecureContext | undefined;
    const secureContext = (): tls.SecureContext => (context ??= contextOf(tlsOptions, cert, key));
    if (proxy) through(agent, proxy, ca, (socket) => tls.connect({ ...tlsOptions, secureContext: secureContext(), host, socket }));
    else {
      const connect = agent.createConnection.bind(agent);
      agent.createConnection = (options, callback) => connect(Object.assign({ secureContext: secureContext() }, options), callback);
    }
    return agent;
  };

  return {
    agent(identity) {
      if (current && same(current.identity, identity)) return current.agent;
      if (current) dropIdleOf(current.agent);
      const agent = make(identity);
      all.add(agent);
      current = { identity, agent };
      return agent;
    },
    dropIdle() {
      for (const agent of all) dropIdleOf(agent);
    },
    close() {
      for (const agent of all) agent.destroy();
    },
  };
}

function contextOf(options: tls.ConnectionOptions, cert: string | undefined, key: string | undefined): tls.SecureContext {
  const context = tls.createSecureContext(options);
  // A key of another kind than the certificate's is taken without a word, and then neither is shown to the server.
  if (cert !== undefined && key !== undefined && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw Object.assign(new Error('the client certificate is not that of the key'), { code: 'ERR_OSSL_X509_KEY_TYPE_MISMATCH' });
  }
  return context;
}

/** Go does not look at the common name, which Node takes where there are no alternative names. */
function withoutNames({ subjectaltname }: tls.PeerCertificate): Error | undefined {
  return subjectaltname === undefined ? Object.assign(new Error('it has no alternative names'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }) : undefined;
}

function same(a: TlsIdentity, b: TlsIdentity): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}

function dropIdleOf(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

/** Node's own list and the system's, as Go programs trust; undefined (Node's default) where Node cannot tell. */
function systemAuthorities(): string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
