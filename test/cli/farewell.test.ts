import { expect, test } from 'vitest';
import { farewell } from '../../src/cli/early-target.ts';
import type { AttachRequest } from '../../src/cli/attach-request.ts';
import { emptySession } from '../../src/session/empty-session.ts';

const request = { clusterId: 'orders', sandbox: false, connection: { context: 'prod', namespace: undefined }, front: {}, mustExist: true } as AttachRequest;
const session = emptySession({ clusterId: 'orders', namespace: 'flink', context: 'prod', server: '' });

test('after detaching it is said that the cluster still runs, and how to attach again', () => {
  expect(farewell(request, { ...session, podsKnown: true })).toBe('Detached. orders still runs; attach again with: drey attach orders -n flink --context prod\n');
});

test('of a cluster that was never seen it is not said that it runs', () => {
  expect(farewell(request, session)).toBe('Detached. Whether orders runs was not seen; attach again with: drey attach orders -n flink --context prod\n');
});
