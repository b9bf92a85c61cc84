import { retryAfterOf } from '../http/retry-after.ts';
import { pageTitle, pageWords } from '../support/page.ts';
import { Problem, type ProblemKind } from '../support/problem.ts';
import { failureSentence } from './failure-text.ts';
import type { HttpAnswer } from './transport.ts';
import type { RestRoute } from './types.ts';

/** The problem in an answer that is an error: `{"errors": [...]}` from Flink, or whatever a proxy in between writes. */
export function problemOfAnswer(answer: HttpAnswer, method: string, path: string, route: RestRoute): Problem {
  const { status } = answer;
  const errors = flinkErrors(answer.text);
  const options = { status, retryAfterMs: retryAfterOf(answer.headers['retry-after']), cause: answer.text.slice(0, 64 * 1024) };
  if (status === 301 && String(answer.headers.location).startsWith('https:')) {
    return new Problem('protocol', `The REST endpoint at ${route.description} speaks HTTPS.`, {
      ...options,
      hint: 'Set security.ssl.rest.enabled to true, or write https://.',
    });
  }
  if (status >= 300 && status < 400) {
    return new Problem(
      'protocol',
      `The REST endpoint at ${route.description} sends ${method} ${path} on to ${redirectTarget(answer, route)} (${status}), which is not followed.`,
      { ...options, hint: 'If Flink answers there, name that address.' },
    );
  }
  if (status === 401 && errors === undefined)
    return new Problem('unauthorized', `${route.description} asks who you are (401).`, {
      ...options,
      hint: 'Send credentials with FLINK_REST_CLIENT_HEADERS.',
    });
  const title = pageTitle(answer.text);
  if (title !== undefined && status !== 413) return pageProblem(title, answer, method, path, route);
  if (status === 403 && errors === undefined)
    return new Problem('forbidden', `${route.description} refuses ${method} ${path} (403).`, options);
  if (status === 413)
    return new Problem('invalid', `A proxy before ${route.description} refuses a body of this size (413).`, {
      ...options,
      hint: 'Raise its limit, or go around it.',
    });
  if (status === 503 && errors?.some((text) => text.includes('leader election'))) {
    return new Problem('unavailable', 'The cluster has no leading JobManager at the moment: an election is under way.', options);
  }
  if (path.startsWith('/jars') && submissionIsOff(errors)) {
    return new Problem('forbidden', 'This cluster accepts no jars over REST: web.submit.enable is false there.', {
      ...options,
      hint: 'Set web.submit.enable to true on the cluster, or run the job as an application.',
    });
  }
  if (errors === undefined) {
    return new Problem(
      kindOf(status, method, ''),
      `${route.description} answered ${status} to ${method} ${path}, and not as Flink does.`,
      options,
    );
  }
  const text = errors.length > 1 && errors[0] === 'Internal server error.' ? errors.slice(1).join('\n') : errors.join('\n');
  const kind = kindOf(status, method, text);
  return new Problem(kind, failureSentence(text), { ...options, hint: hintFor(text) });
}

const hintFor = (text: string): string | undefined =>
  text.includes('UnknownTaskExecutorException')
    ? 'If its pod has just started, try again in a few seconds: it registers once its process runs.'
    : undefined;

/** A page does not come from Flink: it does not prove that anything is missing or forbidden. */
export function pageProblem(
  title: string,
  { status, text, ...answer }: HttpAnswer,
  method: string,
  path: string,
  route: RestRoute,
): Problem {
  const kind = status === 429 || status >= 500 ? 'unavailable' : 'protocol';
  return new Problem(kind, `${route.description} answered ${method} ${path} with ${pageWords(title)} and not as Flink does (${status}).`, {
    status,
    retryAfterMs: retryAfterOf(answer.headers['retry-after']),
    cause: text.slice(0, 64 * 1024),
    hint: 'A proxy answers in its place, or the address is that of something else.',
  });
}

/** Without the query, which may hold a login ticket. */
function redirectTarget({ headers: { location = '' } }: HttpAnswer, route: RestRoute): string {
  if (!URL.canParse(location, route.url)) return 'something that is not an address';
  const { origin, pathname } = new URL(location, route.url);
  return origin + pathname;
}

/** Flink's full explanation, for the few places that need more than `kind`. */
export function serverText(problem: Problem): string {
  return typeof problem.cause === 'string' ? problem.cause : '';
}

function flinkErrors(text: string): readonly string[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return undefined;
    return body.errors.map(String);
  } catch {
    // Not JSON: a proxy or another server answered.
    return undefined;
  }
}

/**
 * The answers for a missing route: a GET falls through to the files of the dashboard, any other method has no route. Measured on Flink
 * 2.3.0.
 */
function submissionIsOff(errors: readonly string[] | undefined): boolean {
  const text = errors?.length === 1 ? (errors[0] ?? '') : '';
  return /^(Unable to load requested file|Not found:|POST request not allowed|DELETE request not allowed)/.test(text);
}

function kindOf(status: number, method: string, text: string): ProblemKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 400 || status === 422) return /^\S*RestHandlerException: File .* does not exist in /.test(text) ? 'not-found' : 'invalid';
  if (status === 408 || status === 429 || status === 502 || status === 503 || status === 504) return 'unavailable';
  if (status < 500) return 'protocol';
  // For some unknown ids Flink answers 500.
  if (/FlinkJobNotFoundException|Jar file .* does not exist|UnknownTaskExecutorException|FlinkApplicationNotFoundException/.test(text))
    return 'not-found';
  // Another try would have the same answer. Source: `SchedulerNG.updateJobResourceRequirements`, Flink 2.3.
  if (/does not support changing the parallelism/.test(text)) return 'conflict';
  return method === 'GET' ? 'unavailable' : 'failed';
}
