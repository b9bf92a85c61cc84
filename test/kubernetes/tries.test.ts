import { describe, expect, test } from 'vitest';
import { firstTry, nextTry, type Refusal, type Step, stepAfter, type Tries } from '../../src/kubernetes/request/tries.ts';

const asked = { server: 'https://prod:6443/base', what: 'list pods' };
const first = firstTry('/base/api/v1/pods');
const third = nextTry(nextTry(first));

const after = (
  refusal: Partial<Refusal> & { readonly status: number },
  { method = 'GET', tries = first }: { readonly method?: string; readonly tries?: Tries } = {},
): Step => stepAfter({ headers: {}, body: '', ...refusal }, tries, method, asked);
const busy = { 'retry-after': '2' };

describe('an answer that is not what was asked for', () => {
  test.each([
    [
      'is asked for again when a busy server says when',
      { status: 429, headers: busy },
      {},
      { kind: 'wait', ms: 2_000, tries: { attempt: 2 } },
    ],
    [
      'is asked for again when a server is away for a moment',
      { status: 503, headers: busy },
      {},
      { kind: 'wait', ms: 2_000, tries: { attempt: 2 } },
    ],
    [
      'is asked for again after a 429, whatever it changes',
      { status: 429, headers: busy },
      { method: 'POST' },
      { kind: 'wait', ms: 2_000 },
    ],
    [
      'is not asked for again after a 503 to what changes something',
      { status: 503, headers: busy },
      { method: 'POST' },
      { kind: 'failed', problem: { status: 503 } },
    ],
    [
      'is not waited for longer than a request waits',
      { status: 429, headers: { 'retry-after': '4' } },
      {},
      { kind: 'failed', problem: { retryAfterMs: 4_000 } },
    ],
    ['is asked for three times at most', { status: 429, headers: busy }, { tries: third }, { kind: 'failed' }],
    [
      'is followed within the server',
      { status: 302, headers: { location: '/moved?a=b' } },
      {},
      { kind: 'follow', tries: { where: '/moved?a=b', hops: 1 } },
    ],
    [
      'is not followed to somebody else',
      { status: 302, headers: { location: 'https://other/x' } },
      {},
      { kind: 'failed', problem: { kind: 'protocol' } },
    ],
    [
      'is not followed with what changes something',
      { status: 302, headers: { location: '/moved' } },
      { method: 'DELETE' },
      { kind: 'failed' },
    ],
    ['is not followed in a circle', { status: 302, headers: { location: '/moved' } }, { tries: { ...first, hops: 5 } }, { kind: 'failed' }],
    [
      'is asked for with new credentials once',
      { status: 401 },
      {},
      { kind: 'renew', tries: { renewed: true }, problem: { kind: 'unauthorized' } },
    ],
    [
      'is a rejection if the new credentials are refused as well',
      { status: 401 },
      { tries: { ...first, renewed: true } },
      { kind: 'rejected' },
    ],
    ['is a failure if trying again is of no use', { status: 404 }, {}, { kind: 'failed', problem: { kind: 'not-found' } }],
  ])('%s', (_, refusal, given, step) => {
    expect(after(refusal, given)).toMatchObject(step);
  });
});
