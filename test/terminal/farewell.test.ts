import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

/** A session on a cluster of its own in which one savepoint was taken. */
async function withSavepoint(words: readonly string[] = []) {
  await using opening = new AsyncDisposableStack();
  const sandbox = opening.use(await startSandbox());
  const terminal = opening.use(
    new Terminal(['attach', sandbox.clusterId, ...words], { env: { KUBECONFIG: sandbox.kubeconfig }, columns: 160 }),
  );
  await terminal.sees(words.includes('--plain') ? /attached to .* 2 jobs running/ : 'orders-enrichment');
  terminal.type('savepoint orders-enrichment⏎');
  // The whole path: a row that is being written may end in the middle of it.
  const whole = /s3:\S*savepoint-\w{6}-[0-9a-f]{12}(?!\w)/;
  await terminal.sees(whole);
  const [path = ''] = whole.exec(terminal.text()) ?? [];
  const lifetime = opening.move();
  return { sandbox, terminal, path, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

test.each(['SIGTERM', 'SIGHUP', 'quit'] as const)(
  'the path of a savepoint is on the terminal after the screen ended by %s',
  async (how) => {
    await using session = await withSavepoint();
    const { terminal, path } = session;
    if (how === 'quit') terminal.type('quit⏎');
    else terminal.signal(how);
    await terminal.exit;
    expect(terminal.fullScreen).toBe(false);
    await terminal.sees(new RegExp(`Savepoint of orders-enrichment \\(\\w{6}\\): ${path}`));
    await terminal.sees('Detached.');
  },
);

test('a savepoint that is not complete is named at the end, with where its result will be', async () => {
  await using sandbox = await startSandbox();
  await sandbox.control({ kind: 'rest-slow', delayMs: 60_000, path: 'savepoints' });
  await using terminal = new Terminal(['attach', sandbox.clusterId], { env: { KUBECONFIG: sandbox.kubeconfig }, columns: 160 });
  await terminal.sees('orders-enrichment');
  terminal.type('savepoint orders-enrichment⏎');
  await terminal.sees(/Savepoint of orders/);
  terminal.type('quit⏎');
  await terminal.exit;
  await terminal.sees(`continues in the cluster: drey operations ${sandbox.clusterId} lists it, attaching again finds its result.`);
});

test('--plain on a terminal asks before it stops, and says at the end what the screen says', async () => {
  await using session = await withSavepoint(['--plain']);
  const { terminal, path, sandbox } = session;
  terminal.type('stop⏎');
  await terminal.sees(`Type ${sandbox.clusterId} to confirm, anything else changes nothing.`);
  terminal.type('s⏎');
  await terminal.sees('stop: nothing was changed.');
  terminal.type('jobs⏎');
  await terminal.sees(/orders-enrichment .*RUNNING/);
  terminal.type('quit⏎');
  expect(await terminal.exit).toBe(0);
  await terminal.sees(new RegExp(`Savepoint of orders-enrichment \\(\\w{6}\\): ${path}\\s+Detached\\. ${sandbox.clusterId} still runs`));
});
