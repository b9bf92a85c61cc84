import type { Clock } from '../support/clock.ts';
import { abortable } from '../support/waiting.ts';
import { record, text } from './model/json.ts';
import type { Transport } from './request/transport.ts';
import type { Access, AccessQuestion, RequestOptions } from './model/types.ts';

const YES_KEPT_MS = 60_000;
/** Rights are often granted right after a refusal, and the user then tries again. */
const NO_KEPT_MS = 10_000;

/**
 * Asks the server what this user may do. A yes is cached for a minute, a no for ten seconds, and callers with the same question share one
 * request.
 */
export function accessReview(transport: Transport, clock: Clock): (question: AccessQuestion, options?: RequestOptions) => Promise<Access> {
  const answers = new Map<string, { until: number; readonly answer: Promise<Access> }>();
  return async (question, { signal, timeoutMs } = {}) => {
    const { verb, group = '', resource, subresource, namespace, name } = question;
    const key = JSON.stringify([verb, group, resource, subresource, namespace, name]);
    const known = answers.get(key);
    if (known && clock.monotonic() < known.until) return abortable(known.answer, signal);
    const answer = transport
      .request({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        what: `ask whether this user may ${verb} ${resource}`,
        timeoutMs,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } },
        },
      })
      .then((body): Access => {
        const status = record(record(JSON.parse(body.toString('utf8'))).status);
        const reason = text(status.reason);
        return { allowed: status.allowed === true, reason };
      });
    const entry = { until: clock.monotonic() + YES_KEPT_MS, answer };
    answers.set(key, entry);
    answer.then(
      ({ allowed }) => {
        if (!allowed) entry.until = clock.monotonic() + NO_KEPT_MS;
      },
      () => {
        // The current callers get the error; the next one asks again.
        if (answers.get(key) === entry) answers.delete(key);
      },
    );
    return abortable(answer, signal);
  };
}
