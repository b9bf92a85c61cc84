import { Problem } from '../support/problem.ts';
import type { NoAnswer, Stall } from './transport.ts';
import type { RestRoute } from './types.ts';

/** A connection that failed, as one sentence with the address and the reason. */
export function problemOfNoAnswer(failure: NoAnswer, route: RestRoute): Problem {
  const cause = failure.cause;
  const code = codeOf(cause);
  const where = `Flink's REST endpoint ${through(route)}`;
  const options = { cause };
  // Java says the one as well as the other when a certificate is missing.
  if (/ALERT.*(CERT|HANDSHAKE_FAILURE)/.test(code ?? '')) {
    return new Problem('unreachable', `${where} does not accept this client: it asks for a certificate that it trusts, or has no cipher in common with it.`, {
      ...options, hint: 'A certificate is shown with security.ssl.rest.authentication-enabled and security.ssl.rest.keystore.',
    });
  }
  if (isCertificate(code)) {
    return new Problem('unreachable', `The certificate of ${where} is not trusted: ${messageOf(cause)}.`, { ...options, hint: 'Name the authority that signed it (security.ssl.rest.truststore), or check the address.' });
  }
  switch (code) {
    case 'ECONNREFUSED':
      return new Problem('unreachable', `${where} refuses connections (ECONNREFUSED).`, { ...options, hint: 'Check that the JobManager runs and that the port is right.' });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Problem('unreachable', `The name ${new URL(route.url).hostname} of Flink's REST endpoint cannot be resolved (${code}).`, { ...options, hint: 'A name of a Kubernetes service is only known inside the cluster.' });
    case 'ETIMEDOUT':
      return new Problem('unreachable', `${where} ${unanswered(cause)}.`, options);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new Problem('unreachable', `There is no way to ${where} from here (${code}).`, options);
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return new Problem('unreachable', `${where} does not speak HTTPS.`, { ...options, hint: 'Write http://, or leave security.ssl.rest.enabled out.' });
    default:
      if (code?.startsWith('HPE_')) return new Problem('protocol', `What answers ${through(route)} does not speak HTTP.`, options);
      return new Problem('unreachable', `The connection to ${where} broke before the answer${code === undefined ? '' : ` (${code})`}.`, options);
  }
}

/** Trying again would not help. */
export function isCertificate(code: string | undefined): boolean {
  return code !== undefined && (/CERT|SIGNATURE|SELF_SIGNED|ALERT_HANDSHAKE_FAILURE/.test(code) && !code.startsWith('HPE_'));
}

/** The code of a system error; a timeout of node's own signals counts as one. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && error.name === 'TimeoutError') return 'ETIMEDOUT';
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const through = (route: RestRoute): string => (route.description.startsWith('through ') || route.description.startsWith('at ') ? route.description : `at ${route.description}`);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function unanswered(error: unknown): string {
  const { stall } = error as { readonly stall?: Stall };
  if (stall === undefined) return 'does not answer';
  const seconds = Math.round(stall.ms / 1000);
  return stall.kind === 'silent' ? `has not answered for ${seconds} s` : `did not complete its answer within ${seconds} s`;
}
