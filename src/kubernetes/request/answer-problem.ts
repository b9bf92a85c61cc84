import type { IncomingHttpHeaders } from 'node:http';
import { pageTitle, pageWords } from '../../support/page.ts';
import { Problem, type ProblemKind } from '../../support/problem.ts';
import { theApiServer } from './failures.ts';
import { retryAfterOf } from '../../http/retry-after.ts';
import { statusProblem, type Asked } from './status.ts';

/** The `Problem` for an error answer of Kubernetes, or of whatever is in front of it. */
export function answerProblem(status: number, headers: IncomingHttpHeaders, body: string, asked: Asked): Problem {
  const { location } = headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    return new Problem(
      'protocol',
      `${theApiServer(asked.server)} sends "${asked.what}" on to ${shown(location, asked.server)} (${status}), which is not followed.`,
      {
        status,
        hint: 'If that is the API server, name it as the server in the kubeconfig.',
      },
    );
  }
  const title = pageTitle(body) ?? (headers['content-type']?.startsWith('text/html') === true ? '' : undefined);
  if (title !== undefined) return pageProblem(status, title, asked, retryAfterOf(headers['retry-after']));
  return statusProblem(status, body, asked, headers['retry-after']);
}

/** A page does not come from Kubernetes, whatever its status: it does not prove that anything is missing or forbidden. */
function pageProblem(status: number, title: string, { server, what }: Asked, retryAfterMs: number | undefined): Problem {
  const kind: ProblemKind = status === 401 ? 'unauthorized' : status === 429 || status >= 500 ? 'unavailable' : 'protocol';
  return new Problem(kind, `${theApiServer(server)} answered "${what}" with ${pageWords(title)} and not as Kubernetes does (${status}).`, {
    status,
    hint: 'A proxy or gateway answers in its place. Check the server in the kubeconfig, and whether the gateway wants a login.',
    retryAfterMs,
  });
}

/** The problem with a page that came with a 2xx status; undefined if the body is not a page. */
export function pageAnswer(status: number, body: string, asked: Asked): Problem | undefined {
  const title = pageTitle(body);
  return title === undefined ? undefined : pageProblem(status, title, asked, undefined);
}

/** Without anything that may be secret: logins put tickets into the query. */
function shown(location: string, server: string): string {
  if (!URL.canParse(location, server)) return 'something that is not an address';
  const { origin, pathname } = new URL(location, server);
  return origin + pathname;
}
