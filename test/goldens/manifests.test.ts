import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/support/problem.ts';
import { type Capture, captureNames, readCapture, type Recorded, type RecordedBody } from './captures.ts';
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

/** Where the API server refuses what can be known to be wrong beforehand. */
const refusedEarlier: readonly string[] = ['cluster-id-bad-characters'];

/** What these show is how a line is read, which the stage does in its own way: `deploy.test.ts` runs them whole. */
const linesOnly: readonly string[] = ['cli-session-abbreviated', 'cli-session-d-dash-value'];

/** Failures that have to do with the API server, the command line or a file that is uploaded, not with the objects. */
const otherFailures = /^(api-|cli-|exposed-(?!bad)|kubeconfig-|rest-list|session-|app-(exists|target|upload-file)|v1\.18-app-https)/;

/** What a capture is compared by. `elsewhere`: it says nothing of objects, and only `deploy.test.ts` runs it. */
function kindOf({ requests, exit, case: { name } }: Capture): 'objects' | 'refused' | 'elsewhere' {
  if (linesOnly.includes(name)) return 'elsewhere';
  if (firstSent(requests).length > 0 && !refusedEarlier.includes(name)) return 'objects';
  return exit !== '0' && !otherFailures.test(name) ? 'refused' : 'elsewhere';
}

const captures = Map.groupBy(captureNames.map(readCapture), kindOf);
const deploying = captures.get('objects') ?? [];
const refused = captures.get('refused') ?? [];

test('each capture is compared by its objects, by the refusal, or elsewhere: whoever adds one says which', () => {
  const elsewhere = captures.get('elsewhere') ?? [];
  expect({ objects: deploying.length, refused: refused.length, elsewhere: elsewhere.length }).toEqual({
    objects: 298,
    refused: 78,
    elsewhere: 34,
  });
});

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
