import { hostOf } from '../http/address.ts';
import type { NoAnswer } from '../http/http-exchange.ts';
import { codeOf, networkProblem, type Peer, titleOf } from '../http/failures.ts';
import { Problem } from '../support/problem.ts';
import type { RestRoute } from './types.ts';

/** A connection that failed, as one sentence with the address and the reason. */
export function problemOfNoAnswer({ cause }: NoAnswer, route: RestRoute): Problem {
  const code = codeOf(cause);
  const peer = endpoint(route);
  // Java sends either alert if a certificate is missing.
  if (/ALERT.*(CERT|HANDSHAKE_FAILURE)/.test(code ?? '')) {
    return new Problem(
      'unreachable',
      `${titleOf(peer)} does not accept this client: it asks for a certificate that it trusts, or has no cipher in common with it.`,
      {
        cause,
        hint: 'A certificate is shown with security.ssl.rest.authentication-enabled and security.ssl.rest.keystore.',
      },
    );
  }
  if (isCertificate(code)) {
    return new Problem(
      'unreachable',
      `The certificate of ${titleOf(peer)} is not trusted: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        cause,
        hint: 'Name the authority that signed it (security.ssl.rest.truststore), or check the address.',
      },
    );
  }
  return networkProblem(cause, peer);
}

function endpoint({ description, url }: RestRoute): Peer {
  return {
    name: "Flink's REST endpoint",
    place: /^(?:through|at) /.test(description) ? description : `at ${description}`,
    host: hostOf(new URL(url)),
    hints: {
      refused: 'Check that the JobManager runs and that the port is right.',
      unresolved: 'A name of a Kubernetes service is only known inside the cluster.',
      plain: 'Write http://, or leave security.ssl.rest.enabled out.',
    },
  };
}

/** A retry would not help. */
export function isCertificate(code: string | undefined): boolean {
  return code !== undefined && /CERT|SIGNATURE|SELF_SIGNED|ALERT_HANDSHAKE_FAILURE/.test(code) && !code.startsWith('HPE_');
}
