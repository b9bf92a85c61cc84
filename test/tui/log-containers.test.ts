import { expect, test } from 'vitest';
import type { ContainerLog, Pod, Session, SessionLogs, ViewLine } from '../../src/session/types.ts';
import { log4j, logsOf, now, pod, richSession, viewWanted } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const [main] = pod('taskmanager-1-1').containers;
const container = (name: string, over: Partial<Pod['containers'][number]> = {}): Pod['containers'][number] => ({
  ...(main as Pod['containers'][number]),
  name,
  ...over,
});
const done = { state: 'terminated', exitCode: 0 } as const;

/** A leader with these containers. */
function sessionWith(containers: readonly Pod['containers'][number][]): Session {
  const session = richSession();
  const leader = pod('jobmanager-f647b', { containers });
  return { ...session, pods: new Map([...session.pods, [leader.name, leader]]) };
}

/** Logs of which each container has one line; knows which are being read. */
function logsByContainer(state: ContainerLog['state'] = { kind: 'following' }): { readonly logs: SessionLogs; readonly read: Set<string> } {
  const read = new Set<string>();
  const line = (text: string): ViewLine => log4j(now, 'my-first-flink-cluster-jobmanager-f647b', 'INFO', text);
  return {
    read,
    logs: {
      ...logsOf([line('words of Flink')]),
      container: (which) => {
        read.add(which.container);
        const lines = state.kind === 'broken' ? [] : [line(`words of ${which.container}`)];
        return {
          ...which,
          state,
          view: (options = {}) => viewWanted(() => lines, options),
          [Symbol.dispose]: () => void read.delete(which.container),
        };
      },
    },
  };
}

const inLog = async (screen: ScreenUnderTest): Promise<void> => {
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
};

test('c goes from the log of Flink to those of the containers beside and before it; only the one that is looked at is read', async () => {
  const { logs, read } = logsByContainer();
  const session = sessionWith([
    container('fetch-jar', { ...done, init: true }),
    main as Pod['containers'][number],
    container('istio-proxy'),
  ]);
  await using screen = new ScreenUnderTest({ logs, session });
  await inLog(screen);
  await screen.panel('Log').sees('words of Flink');
  expect([...read]).toEqual([]);
  screen.type('c');
  await screen.panel('Log').sees('words of istio-proxy');
  expect(screen.panel('Log').title).toContain('jobmanager-f647b/istio-proxy · following');
  expect([...read]).toEqual(['istio-proxy']);
  screen.type('c');
  await screen.panel('Log').sees('words of fetch-jar');
  expect([...read]).toEqual(['fetch-jar']);
  screen.type('c');
  await screen.panel('Log').sees('words of Flink');
  expect([...read]).toEqual([]);
});

test('a container is not read while its log is not on the screen', async () => {
  const { logs, read } = logsByContainer();
  await using screen = new ScreenUnderTest({ logs, session: sessionWith([main as Pod['containers'][number], container('istio-proxy')]) });
  await inLog(screen);
  screen.type('c');
  await screen.panel('Log').sees('words of istio-proxy');
  screen.type('1z');
  await screen.panel('Pods').sees('d describe');
  await screen.when('reads no other container', () => read.size === 0);
});

test('of a pod whose init container fails, its log is shown: Flink has not begun', async () => {
  const { logs } = logsByContainer();
  const waiting = container('flink-main-container', { state: 'waiting', reason: 'PodInitializing' });
  const failed = container('fetch-jar', { init: true, state: 'terminated', exitCode: 1 });
  await using screen = new ScreenUnderTest({ logs, session: sessionWith([failed, waiting]) });
  await inLog(screen);
  await screen.panel('Log').sees('words of fetch-jar');
  expect(screen.panel('Log').title).toContain('jobmanager-f647b/fetch-jar');
});

test('why a container cannot be read stands where its lines would', async () => {
  const reason = 'The container istio-proxy may not be read.';
  const { logs } = logsByContainer({ kind: 'broken', reason });
  await using screen = new ScreenUnderTest({ logs, session: sessionWith([main as Pod['containers'][number], container('istio-proxy')]) });
  await inLog(screen);
  screen.type('vc');
  await screen.panel('Log').sees(reason);
});
