import { withoutScheme } from '../../http/address.ts';
import { codeOf, networkProblem, type Peer, titleOf } from '../../http/failures.ts';
import { NoAnswer } from '../../http/http-exchange.ts';
import { Stalled } from '../../http/stall.ts';
import { isAbort, Problem } from '../../support/problem.ts';

/** TLS errors that mean something about the server's certificate. */
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

export const apiServer = (server: string): Peer => {
  const host = withoutScheme(server);
  return { name: 'the API server', place: `at ${host}`, host, hints: { plain: 'Is its address http and not https?' } };
};

/** `The API server at prod:6443`. */
export const theApiServer = (server: string): string => titleOf(apiServer(server));

/** An error of the network, of TLS or of HTTP as a `Problem` that names the server; aborts and `Problem`s are returned unchanged. */
export function connectionProblem(error: unknown, server: string): Error {
  const cause = error instanceof NoAnswer ? error.cause : error;
  if (cause instanceof Problem || (cause instanceof Error && isAbort(cause))) return cause;
  if (cause instanceof Stalled) return silenceProblem(server, cause.ms);
  return (
    certificateProblem(cause, `the API server at ${withoutScheme(server)}`) ??
    identityProblem(cause, theApiServer(server)) ??
    networkProblem(cause, apiServer(server))
  );
}

/** The problem with the server's certificate. */
function certificateProblem(error: unknown, server: string): Problem | undefined {
  const code = codeOf(error) ?? '';
  const said = error instanceof Error ? error.message : String(error);
  const problem = (sentence: string, hint: string): Problem =>
    new Problem('unreachable', `The certificate of ${server} ${sentence}.`, { hint, cause: error });
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = alternativeNames(error);
    return names === undefined
      ? problem(
          'has no alternative names (SAN), only a common name, which is ignored',
          'Give the server a certificate with its name as a subject alternative name.',
        )
      : problem(`is for other names: ${names}`, 'Use one of them as the server, or set tls-server-name in the kubeconfig.');
  }
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) return problem(`${certificate} (${code})`, 'Check certificate-authority in the kubeconfig.');
  if (!code.startsWith('ERR_') && /(?:md|key|digest algorithm) too (?:weak|small)/i.test(said)) {
    return problem(
      `is signed in a way that is too weak (${said.toLowerCase()})`,
      'Give the server a certificate that is signed with SHA-256.',
    );
  }
  return undefined;
}

/** The problem with this client's certificate or token: the server refuses it, or it cannot even be used for TLS or in a header. */
function identityProblem(error: unknown, server: string): Problem | undefined {
  const code = codeOf(error) ?? '';
  const problem = (message: string, hint?: string): Problem => new Problem('unauthorized', message, { cause: error, hint });
  if (/CERTIFICATE_EXPIRED/i.test(code)) return problem(`${server} says that the client certificate expired.`);
  if (code.startsWith('ERR_OSSL_') || code === 'ERR_MISSING_PASSPHRASE') {
    return problem(
      `The client certificate or its key cannot be used (${code}).`,
      'Check client-certificate and client-key in the kubeconfig.',
    );
  }
  if (code === 'ERR_INVALID_CHAR')
    return problem('The credentials hold characters that cannot be sent.', 'Check the token in the kubeconfig, or what the plug-in gives.');
  return undefined;
}

/** No answer came in time; without `ms` if the duration is shown next to it. */
export function silenceProblem(server: string, ms?: number): Problem {
  const what = ms === undefined ? 'has not answered' : `has not answered for ${Math.round(ms / 1_000)} s`;
  return new Problem('unreachable', `${theApiServer(server)} ${what}.`, { cause: new Stalled('silent', ms ?? 0) });
}

export const isSilence = ({ cause }: Problem): boolean => cause instanceof Stalled;

/** `3 May 2026`. */
export function day(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

function alternativeNames(error: unknown): string | undefined {
  const names = (error as { readonly cert?: { readonly subjectaltname?: string } }).cert?.subjectaltname;
  return names?.replaceAll('DNS:', '').replaceAll('IP Address:', '');
}
