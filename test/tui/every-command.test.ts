import { PassThrough } from 'node:stream';
import { test } from 'vitest';
import { catalogue } from '../../src/commands/catalogue.ts';
import { createRunner, type Runner, type RunnerPieces } from '../../src/commands/runner.ts';
import { actions } from '../../src/sandbox/control/actions.ts';
import { FakeClock, fakeCluster, fakeFlink, fakeKubernetes, noLaunches, noLogs, testOperations } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { seen } from '../support/fake-clock.ts';
import { pipe } from '../console/pipe.ts';
import { ScreenUnderTest } from './harness.ts';

const sandbox: RunnerPieces['sandbox'] = {
  kubeconfig: undefined,
  outlives: false,
  examples: '/nowhere',
  actions,
  perform: async () => ({}),
};
/** Each with nothing, with something that is not there, with an option that it does not have, and with a quote that is left open. */
const lines = [...catalogue.map(({ name }) => name), 'sandbox', 'sandbox oom', 'drill', 'drill oom', 'drill stop', 'nosuch'].flatMap(
  (name) => ['', ' nosuch', ' --nosuch', ' "'].map((rest) => name + rest),
);

/** Servers that answer everything with a refusal: what a command says then is an answer as well. */
const pieces = (): Omit<RunnerPieces, 'store' | 'front' | 'operations' | 'mode' | 'clock' | 'signal'> => ({
  logs: noLogs,
  flink: fakeFlink(),
  kubernetes: fakeKubernetes(),
  cluster: fakeCluster(),
  launches: noLaunches,
  refresh: () => {},
  newId: () => 'a'.repeat(32),
  readOnly: false,
  cwd: '/nowhere',
  home: '/nowhere',
  stateFolder: '/nowhere',
  env: {},
  sandbox,
});

/** Without the offers of Tab: what changes on the screen is the answer. */
const quiet = (runner: Runner): Runner => ({
  ...runner,
  complete: async (_, cursor) => ({
    from: cursor,
    to: cursor,
    candidates: [],
    common: '',
    ghost: '',
    expects: undefined,
    unavailable: undefined,
  }),
});

test.each(lines)('on the screen %s is answered', async (line) => {
  const clock = new FakeClock();
  await using screen: ScreenUnderTest = new ScreenUnderTest({
    tui: {
      connect: async (front) => {
        const { store } = screen;
        const { signal } = new AbortController();
        const runner = createRunner({
          ...pieces(),
          store,
          front,
          operations: testOperations(store, clock, signal),
          mode: 'tui',
          clock,
          signal,
        });
        return { runner: quiet(runner), feeds: { logs: noLogs, refresh: () => {}, setFocus: () => {}, inspect: () => {} } };
      },
    },
  });
  let over = false;
  screen.end.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  await screen.panel('Pods').sees('jobmanager');
  await screen.panel('Log').sees('No lines yet');
  // The command line and the hints below it change while one types.
  const above = (): string => screen.rows().slice(0, -2).join('\n');
  const before = above();
  screen.type(`${line}⏎`);
  await screen.when(`answers ${line}`, () => over || above() !== before);
});

test.each(lines)('in lines %s is answered', async (line) => {
  const { write, exit, out, err, store, stdin } = pipe({ sandbox });
  store.jobs(job({ name: 'orders' }));
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  let over = false;
  void exit.then(() => {
    over = true;
  });
  await write('\n');
  const before = out().length + err().length;
  await write(`${line}\n`);
  // Some commands look at the disk first.
  await seen(() => over || out().length + err().length > before);
  if (!(stdin instanceof PassThrough) || over) return;
  stdin.end();
  await exit;
});
