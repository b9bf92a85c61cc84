import { connect } from 'node:tls';
import { isIP } from 'node:net';
import { Problem } from '../support/problem.ts';
import { hostOf, portOf } from './address.ts';
import { Stalled } from './stall.ts';

/** The server that a sentence is about. */
export interface Peer {
  /** `the API server`. */
  readonly name: string;
  /** `at prod:6443`, `through pod jm (port-forward)`. */
  readonly place: string;
  /** Its name on the network. */
  readonly host: string;
  readonly hints: {
    /** If the connection is refused. */
    readonly refused?: string;
    readonly unresolved?: string;
    /** If the server does not use TLS. */
    readonly plain?: string;
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached (no route)',
  ENETUNREACH: 'cannot be reached (no network)',
  EHOSTDOWN: 'cannot be reached (host is down)',
  EPROTO: 'does not speak TLS as expected',
};

export const titleOf = ({ name, place }: Peer): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)} ${place}`;

/** An error of the network or of HTTP as a `Problem` that names the peer. */
export function networkProblem(error: unknown, peer: Peer): Problem {
  const { name, place, host, hints } = peer;
  const title = titleOf(peer);
  const code = codeOf(error) ?? '';
  const problem = (message: string, hint?: string): Problem => new Problem('unreachable', message, { cause: error, hint });
  if (error instanceof Stalled) return problem(`${title} ${stalledWords(error)}.`);
  const reason = REASONS[code];
  if (reason !== undefined) return problem(`${title} ${reason} (${code}).`, code === 'ECONNREFUSED' ? hints.refused : undefined);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return problem(`The name of ${name} ${host} cannot be resolved (${code}).`, hints.unresolved);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new Problem('protocol', `${title} does not speak TLS.`, {
      cause: error,
      hint: hints.plain,
    });
  }
  if (code.startsWith('HPE_')) return new Problem('protocol', `${title} does not answer with HTTP (${code}).`, { cause: error });
  const said = error instanceof Error ? error.message : String(error);
  return problem(`The connection to ${name} ${place} failed: ${said}${code === '' || said.includes(code) ? '' : ` (${code})`}.`);
}

function stalledWords({ kind, ms }: Stalled): string {
  const seconds = Math.round(ms / 1_000);
  return kind === 'silent' ? `has not answered for ${seconds} s` : `did not complete its answer within ${seconds} s`;
}

/** The code of a system error. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * The end of validity of a server's certificate in epoch milliseconds. Node's error does not contain it, so this connects once more without
 * verification, and sends nothing. Undefined if it is not known within two seconds.
 */
export function serverCertificateEnd(server: URL, servername: string | undefined): Promise<number | undefined> {
  const host = hostOf(server);
  const name = servername ?? host;
  return new Promise((resolve) => {
    const socket = connect({ host, port: portOf(server), rejectUnauthorized: false, servername: isIP(name) ? '' : name });
    const done = (end: number | undefined): void => {
      socket.destroy();
      resolve(end === undefined || Number.isNaN(end) ? undefined : end);
    };
    socket.setTimeout(2_000, () => done(undefined));
    // Then the message has no date; the actual error is already known.
    socket.once('error', () => done(undefined));
    socket.once('secureConnect', () => done(Date.parse(socket.getPeerCertificate().valid_to)));
  });
}
