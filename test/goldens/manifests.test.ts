import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/support/problem.ts';
import { captureNames, readCapture, type Recorded, type RecordedBody } from './captures.ts';
import { normal } from './compare.ts';
import { manifestsOf, Stage } from './stage.ts';

/** Each object once, in the order in which it was first sent. */
function firstSent(requests: readonly Recorded[]): RecordedBody[] {
  const seen = new Set<string>();
  return requests.flatMap(({ method, body }) => {
    if (method !== 'POST' || body === null) return [];
    const name = `${body.kind}/${body.metadata.name}`;
    if (seen.has(name)) return [];
    seen.add(name);
    return [body];
  });
}

/** Without the owner that is known only when the Deployment exists. */
function withoutOwner(body: RecordedBody): unknown {
  if (body.kind === 'Deployment') return body;
  const { ownerReferences: _, ...metadata } = body.metadata as RecordedBody['metadata'] & { readonly ownerReferences?: unknown };
  return { ...body, metadata };
}

const captures = captureNames.map(readCapture);

/** Where the API server refuses what can be known to be wrong beforehand. */
const refusedEarlier = ['cluster-id-bad-characters'];

/** What these show is how a line is read, which the stage does in its own way: `deploy.test.ts` runs them whole. */
const linesOnly = ['cli-session-abbreviated', 'cli-session-d-dash-value'];

const deploying = captures.filter(
  ({ requests, case: { name } }) => firstSent(requests).length > 0 && !refusedEarlier.includes(name) && !linesOnly.includes(name),
);

/** Failures that have to do with the API server, the command line or a file that is uploaded, not with the objects. */
const otherFailures = /^(api-|cli-|exposed-(?!bad)|kubeconfig-|rest-list|session-|app-(exists|target|upload-file)|v1\.18-app-https)/;

const refused = captures.filter(
  (capture) => capture.exit !== '0' && !deploying.includes(capture) && !otherFailures.test(capture.case.name),
);

describe("the objects of a cluster are those of Flink's own client", () => {
  test.each(deploying.map((capture) => [capture.case.name, capture.case.title, capture] as const))('%s: %s', (_name, _title, capture) => {
    using stage = new Stage(capture.case);
    const made = manifestsOf(capture.case, stage);
    const recorded = firstSent(capture.requests);
    const all = [made.deployment, ...made.owned.map((object) => object.body)].slice(0, recorded.length);
    expect(all.map((body) => normal(stage.hide(body)))).toEqual(recorded.map((body) => normal(withoutOwner(body))));
  });
});

describe('what Flink refuses is refused', () => {
  test.each(refused.map((capture) => [capture.case.name, capture.case.title, capture] as const))('%s: %s', (_name, _title, capture) => {
    using stage = new Stage(capture.case);
    expect(() => manifestsOf(capture.case, stage)).toThrow(Problem);
  });
});
