// record-session FOLDER: records a session on the sandbox in which a TaskManager is killed, in the format of this version. For
// test/session/recording/golden: a recording of each version is kept there, so that all of them can be opened for ever.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAttachment } from '../src/cli/attach/open-attachment.ts';
import type { CliIo } from '../src/cli/process/io.ts';
import { connect } from '../src/cli/wiring/services.ts';
import { startSandbox } from '../src/sandbox/start.ts';
import { recordingFolder } from '../src/session/recording/places.ts';
import { shownStore } from '../src/session/recording/shown-store.ts';
import { createSessionStore } from '../src/session/store.ts';
import { systemClock } from '../src/support/clock.ts';
import { lifetime } from '../src/support/waiting.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: record-session FOLDER');
const home = await mkdtemp(join(tmpdir(), 'drey-record-session-'));
await using sandbox = await startSandbox({ speed: 10 });
const { clusterId, namespace } = sandbox;
const { signal, end } = lifetime();
const io = {
  env: {},
  cwd: home,
  home,
  clock: systemClock,
  isTty: { stdin: false, stdout: false },
  stderr: () => {},
  signal,
} as unknown as CliIo;
{
  const options = { context: undefined, allNamespaces: false, properties: {}, flinkVersion: undefined, trace: undefined };
  await using connection = await connect({ ...options, kubeconfig: sandbox.kubeconfig, namespace }, io);
  const store = createSessionStore({ clusterId, namespace, context: undefined, server: sandbox.url });
  await using _ = await openAttachment({
    connection,
    clusterId,
    store,
    shown: shownStore(store),
    recordings: home,
    record: true,
    front: { print() {}, quit() {}, clear() {}, show() {}, themes: [], setTheme() {}, setMouse() {} },
    mode: 'tui',
    readOnly: false,
    sandbox: undefined,
    mustExist: true,
    io,
    signal,
  });
  await store.until(({ pods, jobs }) => pods.size > 0 && jobs.length > 0, signal);
  await sandbox.control({ kind: 'taskmanager-oom' });
  await store.until(({ jobs }) => jobs.some(({ restarts }) => (restarts ?? 0) > 0), signal);
}
end();
await cp(recordingFolder(home, { server: sandbox.url, namespace, clusterId }), target, { recursive: true });
await rm(home, { recursive: true });
