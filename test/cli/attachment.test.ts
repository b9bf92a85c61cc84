import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAttachment } from '../../src/cli/attach/open-attachment.ts';
import type { CliIo } from '../../src/cli/process/io.ts';
import { connect } from '../../src/cli/wiring/services.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { createSessionStore } from '../../src/session/store.ts';
import { systemClock } from '../../src/support/clock.ts';
import { lifetime } from '../../src/support/waiting.ts';
import { fakeSandbox, testFront } from '../support/fakes.ts';

test('pods and jobs of a sandbox come before its control is there, and its commands after', async () => {
  await using sandbox = await startSandbox({ speed: 10 });
  const home = await mkdtemp(join(tmpdir(), 'drey-attachment-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  using session = lifetime();
  const io = {
    env: { KUBECONFIG: sandbox.kubeconfig },
    cwd: home,
    home,
    clock: systemClock,
    isTty: { stdin: false, stdout: false },
    stderr: () => {},
    signal: session.signal,
  } as unknown as CliIo;
  const { clusterId } = sandbox;
  await using connection = await connect(
    {
      kubeconfig: undefined,
      context: undefined,
      namespace: undefined,
      allNamespaces: false,
      properties: {},
      flinkVersion: undefined,
      trace: undefined,
    },
    io,
  );
  const store = createSessionStore({ clusterId, namespace: 'default', context: undefined, server: sandbox.url });
  const control = Promise.withResolvers<ReturnType<typeof fakeSandbox>>();
  const opening = openAttachment({
    connection,
    clusterId,
    store,
    front: testFront(),
    mode: 'line',
    readOnly: false,
    sandbox: () => control.promise,
    mustExist: true,
    recordings: '/nowhere',
    io,
    signal: session.signal,
  });
  await store.until(({ pods, jobs }) => pods.size > 0 && jobs.length > 0, session.signal);
  control.resolve(fakeSandbox(sandbox.examples));
  await using attachment = await opening;
  expect(attachment.runner.catalogue.map(({ name }) => name)).toContain('sandbox');
});
