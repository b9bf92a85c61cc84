import { connect } from 'node:tls';
import { isIP } from 'node:net';
import { isAbort, Problem } from '../support/problem.ts';
import { SilentServer } from './exchange.ts';

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

/** TLS refusals that say something about the server's certificate. */
const CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself and not by an authority that is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'is not signed by an authority that is trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is not signed by an authority that is trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'is not signed by an authority that is trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is not signed by an authority that is trusted here',
  CERT_SIGNATURE_FAILURE: 'has a signature that does not fit the authority',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  CERT_UNTRUSTED: 'is not trusted',
};

/** An error of the network, of TLS or of HTTP as a `Problem` that names the server; aborts and `Problem`s stay what they are. */
export function networkProblem(error: unknown, server: string): Error {
  if (error instanceof Problem || (error instanceof Error && isAbort(error))) return error;
  const host = server.replace(/^https?:\/\//, '');
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const reason = REASONS[code];
  if (reason !== undefined) return new Problem('unreachable', `The API server at ${host} ${reason} (${code}).`, { cause: error });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Problem('unreachable', `The name of the API server ${host} cannot be resolved (${code}).`, { cause: error });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    if (alternativeNames(error) === undefined) {
      return new Problem('unreachable', `The certificate of the API server at ${host} has no alternative names (SAN), only a common name, which is not looked at.`, {
        hint: 'Give the server a certificate with its name as a subject alternative name.', cause: error,
      });
    }
    return new Problem('unreachable', `The certificate of the API server at ${host} is for other names: ${alternativeNames(error)}.`, {
      hint: 'Use one of them as the server, or set tls-server-name in the kubeconfig.', cause: error,
    });
  }
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) {
    return new Problem('unreachable', `The certificate of the API server at ${host} ${certificate} (${code}).`, {
      hint: 'Check certificate-authority in the kubeconfig.', cause: error,
    });
  }
  const said = error instanceof Error ? error.message : String(error);
  if (!code.startsWith('ERR_') && /(?:md|key|digest algorithm) too (?:weak|small)/i.test(said)) {
    return new Problem('unreachable', `The certificate of the API server at ${host} is signed in a way that is too weak (${said.toLowerCase()}).`, {
      hint: 'Give the server a certificate that is signed with SHA-256.', cause: error,
    });
  }
  if (/CERTIFICATE_EXPIRED/i.test(code)) {
    return new Problem('unauthorized', `The API server at ${host} says that the client certificate expired.`, { cause: error });
  }
  // Before anything is sent: what the kubeconfig gives for it is not fit for TLS, or for a header.
  if (code.startsWith('ERR_OSSL_') || code === 'ERR_MISSING_PASSPHRASE') {
    return new Problem('unauthorized', `The client certificate or its key cannot be used (${code}).`, { hint: 'Check client-certificate and client-key in the kubeconfig.', cause: error });
  }
  if (code === 'ERR_INVALID_CHAR') {
    return new Problem('unauthorized', 'The credentials hold characters that cannot be sent.', { hint: 'Check the token in the kubeconfig, or what the plug-in gives.', cause: error });
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new Problem('protocol', `The API server at ${host} does not speak TLS.`, { hint: 'Is its address http and not https?', cause: error });
  }
  if (code.startsWith('HPE_')) return new Problem('protocol', `The API server at ${host} does not answer with HTTP (${code}).`, { cause: error });
  return new Problem('unreachable', `The connection to the API server at ${host} failed: ${said}${code === '' || said.includes(code) ? '' : ` (${code})`}.`, { cause: error });
}

/** Nothing came back in time; without `ms` where how long it lasts is shown beside. */
export function silenceProblem(server: string, ms?: number): Problem {
  const what = ms === undefined ? 'has not answered' : `has not answered for ${Math.round(ms / 1_000)} s`;
  return new Problem('unreachable', `The API server at ${server.replace(/^https?:\/\//, '')} ${what}.`, { cause: new SilentServer(ms ?? 0) });
}

export const isSilence = ({ cause }: Problem): boolean => cause instanceof SilentServer;

/**
 * When the certificate of a server ended. Node's error does not tell, so the server is asked again without a check; nothing is sent.
 * Epoch milliseconds; undefined when it cannot be told within two seconds.
 */
export function serverCertificateEnd(server: URL, servername: string | undefined): Promise<number | undefined> {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const name = servername ?? host;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(server.port || 443), rejectUnauthorized: false, servername: isIP(name) ? '' : name });
    const done = (end: number | undefined): void => {
      socket.destroy();
      resolve(end === undefined || Number.isNaN(end) ? undefined : end);
    };
    socket.setTimeout(2_000, () => done(undefined));
    // The message stays without a date then; the error itself is known already.
    socket.once('error', () => done(undefined));
    socket.once('secureConnect', () => done(Date.parse(socket.getPeerCertificate().valid_to)));
  });
}

/** `3 May 2026`. */
export function day(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

function alternativeNames(error: unknown): string | undefined {
  const names = (error as { readonly cert?: { readonly subjectaltname?: string } }).cert?.subjectaltname;
  return names?.replaceAll('DNS:', '').replaceAll('IP Address:', '');
}
