import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import { hostOf } from './address.ts';

/** Opens the connection that carries the bytes to a server: a tunnel through a proxy, a port-forward. */
export type Opener = () => Promise<Duplex>;

export interface PoolOptions {
  readonly server: URL;
  /** The client's TLS settings; ignored for a server without TLS. */
  readonly security: tls.ConnectionOptions;
  /** Default: a TCP connection to the server. */
  readonly open?: Opener | undefined;
  /** Connections at the same time. Default: one for each request. */
  readonly most?: number;
  /** Idle connections to keep for the next request. */
  readonly mostIdle: number;
}

/** The kernel probes a silent peer after this time, and gives up on it some ten seconds later. */
const KEEP_ALIVE_PROBE_MS = 10_000;

type Created = (error: Error | null, stream: Duplex) => void;

/** Keep-alive connections to one server. The server's own certificate is checked, whatever carries the bytes. */
export function pool({ server, security, open, most, mostIdle }: PoolOptions): HttpAgent {
  const options: AgentOptions = {
    keepAlive: true,
    keepAliveMsecs: KEEP_ALIVE_PROBE_MS,
    maxFreeSockets: mostIdle,
    scheduling: 'lifo',
    ...(most === undefined ? {} : { maxSockets: most }),
  };
  if (server.protocol !== 'https:') {
    const agent = new HttpAgent(options);
    if (open) agent.createConnection = (_options, created) => handOver(open, created);
    return agent;
  }
  const agent = new HttpsAgent({ ...options, ...security });
  // Reading all authorities takes milliseconds, so do it once for all connections. A damaged certificate of this client fails here.
  let context: tls.SecureContext | undefined;
  const secureContext = (): tls.SecureContext => (context ??= contextOf(security));
  if (open) {
    const host = hostOf(server);
    agent.createConnection = (_options, created) =>
      handOver(async () => secured(await open(), () => ({ host, ...security, secureContext: secureContext() })), created);
  } else {
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => connect(Object.assign({ secureContext: secureContext() }, options), callback);
  }
  return agent;
}

/** Closes the idle connections: after a sleep of the machine they may be dead without knowing it. */
export function dropIdle(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

function handOver(open: Opener, created: Created | undefined): undefined {
  open().then(
    (stream) => created?.(null, asSocket(stream)),
    // Reports the error to the request that waits for this connection; next to an error the second argument is not used.
    (error: unknown) => created?.(error instanceof Error ? error : new Error(String(error)), undefined as unknown as Duplex),
  );
}

/** TLS over an existing connection. */
function secured(carrier: Duplex, options: () => tls.ConnectionOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    try {
      const socket = tls.connect({ ...options(), socket: carrier });
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
      socket.once('error', reject);
    } catch (error) {
      // A damaged client certificate fails here.
      carrier.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function contextOf(options: tls.ConnectionOptions): tls.SecureContext {
  const context = tls.createSecureContext(options);
  const { cert, key } = options;
  // OpenSSL silently accepts a key of another type than the certificate's, and then sends the server neither.
  if (typeof cert === 'string' && typeof key === 'string' && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw Object.assign(new Error('the client certificate is not that of the key'), { code: 'ERR_OSSL_X509_KEY_TYPE_MISMATCH' });
  }
  return context;
}

/** The methods that Node's agent calls on an idle connection; a stream that is not a socket needs to do nothing. */
type PoolCalls = Pick<Socket, 'setKeepAlive' | 'setNoDelay' | 'setTimeout' | 'ref' | 'unref'>;

function asSocket(stream: Duplex): Duplex {
  const calls = stream as Duplex & Partial<Record<keyof PoolCalls, unknown>>;
  for (const name of ['setKeepAlive', 'setNoDelay', 'setTimeout', 'ref', 'unref'] as const) calls[name] ??= () => stream;
  return stream;
}
