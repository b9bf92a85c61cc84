import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { escape } from '../../src/commands/procedures/escape.ts';
import type { RunnerPieces } from '../../src/commands/runner.ts';
import type { ExecRequest, KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import type { UserStreams } from '../../src/support/user-streams.ts';
import { seen } from '../support/fake-clock.ts';
import { fakeKubernetes, testFront } from '../support/fakes.ts';
import { pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

/** A user at a terminal, or in a pipe. */
function user(isTerminal = true) {
  const stdin = new PassThrough();
  const shown = { stdout: '', stderr: '', raw: [] as boolean[] };
  const streams: UserStreams = {
    stdin,
    stdout: (bytes) => void (shown.stdout += Buffer.from(bytes).toString()),
    stderr: (bytes) => void (shown.stderr += Buffer.from(bytes).toString()),
    terminal: isTerminal
      ? { now: () => ({ columns: 100, rows: 30 }), onChange: () => () => undefined, setRaw: (on) => void shown.raw.push(on) }
      : undefined,
  };
  return { stdin, shown, streams };
}

type Exec = (request: ExecRequest) => Promise<number>;

/** A desk whose API server runs commands as `exec` says. */
function sitting(exec: Exec, { given = {}, pieces = {}, isTerminal = true }: Partial<Sitting> = {}) {
  const person = user(isTerminal);
  const exits: number[] = [];
  const front = testFront({ streams: () => person.streams, exited: (code) => void exits.push(code) });
  const sat = desk({ front, mode: 'one-shot', kubernetes: fakeKubernetes({ exec, ...given }), ...pieces });
  sat.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
  return { ...sat, ...person, front, exits };
}

interface Sitting {
  readonly given: Partial<KubernetesClient>;
  readonly pieces: Partial<RunnerPieces>;
  readonly isTerminal: boolean;
}

describe('exec', () => {
  test('opens a shell on the terminal, in raw mode while it runs, and its exit code is kept', async () => {
    let asked: ExecRequest | undefined;
    const { shown, exits, says } = sitting(async (request) => {
      asked = request;
      expect(shown.raw).toEqual([true]);
      await request.onStdout?.(Buffer.from('$ '));
      return 3;
    });
    expect(await says('exec tm1-1')).toBe('done');
    expect(asked).toMatchObject({ namespace: 'default', pod: 'c1-taskmanager-1-1', container: 'flink-main-container' });
    expect(asked?.command.slice(0, 2)).toEqual(['sh', '-c']);
    expect(asked?.terminal?.now()).toEqual({ columns: 100, rows: 30 });
    expect(shown).toEqual({
      stdout: '$ ',
      stderr: 'A shell in container flink-main-container of pod taskmanager-1-1. exit ends it; Enter ~ . leaves it if it hangs.\r\n',
      raw: [true, false],
    });
    expect(exits).toEqual([3]);
  });

  test('a command in a pipe has no terminal: its bytes pass as they are', async () => {
    let input = '';
    const { stdin, shown, says } = sitting(
      async ({ command, terminal, stdin: source, onStdout, onStderr }) => {
        expect([command, terminal]).toEqual([['wc', '-c'], undefined]);
        for await (const chunk of source ?? []) input += String(chunk);
        await onStdout?.(Buffer.from('5\n'));
        await onStderr?.(Buffer.from('done\n'));
        return 0;
      },
      { isTerminal: false },
    );
    stdin.end('~.\n~.');
    expect(await says('exec jm -- wc -c')).toBe('done');
    expect([input, shown.stdout, shown.stderr]).toEqual(['~.\n~.', '5\n', 'done\n']);
  });

  test('Enter ~ . leaves a program that hangs, and what it is is said', async () => {
    const typed: string[] = [];
    const { stdin, shown, exits, front, says } = sitting(
      ({ stdin: keys, signal }) =>
        new Promise((_, reject) => {
          keys?.on('data', (chunk: Buffer) => typed.push(chunk.toString()));
          signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        }),
    );
    const running = says('exec tm1-1 -- top');
    stdin.write('ls\r');
    await seen(() => typed.join('') === 'ls\r');
    stdin.write('~.');
    expect(await running).toBe('done');
    expect(front.printed).toEqual(['top was left; it may go on in pod taskmanager-1-1.']);
    expect([typed.join(''), shown.raw, exits]).toEqual(['ls\r', [true, false], [130]]);
  });

  test('a connection that stalls is said once, with the way out, and that it goes on', async () => {
    const { shown, says } = sitting(async ({ onSilence }) => {
      for (const seconds of [15, 20]) onSilence?.(new Problem('unreachable', `The API server has not answered for ${seconds} s.`));
      onSilence?.(undefined);
      return 0;
    });
    expect(await says('exec tm1-1 -- true')).toBe('done');
    expect(shown.stderr).toBe(
      '\r\n[drey] The API server has not answered for 15 s. Enter ~ . leaves.\r\n\r\n[drey] The API server answers again.\r\n',
    );
  });

  const missing = async (): Promise<number> => {
    throw new Problem('unavailable', 'exec: "sh": executable file not found in $PATH');
  };

  test.each([
    ['exec tm1-1 -c nosuch', 'Pod taskmanager-1-1 has no container "nosuch". Its containers: flink-main-container.'],
    [
      'exec tm1-1',
      'There is no shell in container flink-main-container of pod taskmanager-1-1: its image flink:2.3.0 has neither bash nor sh.',
    ],
    ['exec tm1-1 -- jmap', 'There is no program jmap in container flink-main-container of pod taskmanager-1-1.'],
    ['exec nosuch', 'There is no pod "nosuch" of c1.'],
  ])('%s says what is missing', async (line, sentence) => {
    const { says } = sitting(missing, { given: { get: async <T>() => ({ spec: {} }) as T } });
    expect(await says(line)).toContain(sentence);
  });

  test('a container that was added to debug the pod is found', async () => {
    let container: string | undefined;
    const get = async <T>() => ({ spec: { ephemeralContainers: [{ name: 'debugger-1', image: 'busybox' }] } }) as T;
    const { says } = sitting(async (request) => ((container = request.container), 0), { given: { get } });
    expect(await says('exec tm1-1 -c debugger-1')).toBe('done');
    expect(container).toBe('debugger-1');
  });

  test('a pod that does not run is said before anything is tried', async () => {
    const { store, says } = sitting(missing);
    const waiting = pod({ shortName: 'taskmanager-1-2', state: 'ImagePullBackOff', severity: 'error', message: 'not found' });
    store.pods({ ...waiting, containers: waiting.containers.map((each) => ({ ...each, state: 'waiting' as const })) });
    expect(await says('exec tm1-2')).toBe(
      'Pod taskmanager-1-2 is not running: ImagePullBackOff: not found. describe shows what it waits for.',
    );
  });

  const now = (status: object, metadata: object = {}): Partial<KubernetesClient> => ({
    get: async <T>() =>
      ({
        metadata: { name: 'c1-taskmanager-1-1', uid: 'uid-taskmanager-1-1', ...metadata },
        spec: { containers: [{ name: 'flink-main-container' }] },
        status,
      }) as KubernetesObject as T,
  });
  const broken: Exec = async () => {
    throw new Problem('unreachable', 'The connection broke while sh ran in pod c1-taskmanager-1-1.');
  };
  const restarted = {
    containerStatuses: [
      {
        name: 'flink-main-container',
        restartCount: 1,
        state: { running: {} },
        lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
      },
    ],
  };

  const ends: readonly (readonly [string, Exec, Partial<KubernetesClient>, string])[] = [
    ['is gone', broken, now({}, { uid: 'another' }), 'The shell ended with its container. Pod taskmanager-1-1 is gone.'],
    [
      'is restarted',
      async () => 137,
      now(restarted),
      'The shell was killed (137). Container flink-main-container of pod taskmanager-1-1 ended: OOMKilled (137).',
    ],
    [
      'goes on',
      broken,
      now({ containerStatuses: [{ name: 'flink-main-container', restartCount: 0, state: { running: {} } }] }),
      'The connection broke while sh ran in pod c1-taskmanager-1-1.',
    ],
  ];

  test.each(ends)('the reason of an end is looked for: the container %s', async (_, exec, given, sentence) => {
    expect(await sitting(exec, { given }).says('exec tm1-1')).toBe(sentence);
  });

  test('is refused in a session that may only read, and without the right', async () => {
    expect(await sitting(missing, { pieces: { readOnly: true } }).says('exec tm1-1')).toBe(
      'exec changes the cluster, and this session is read-only.',
    );
    expect(await sitting(missing, { given: { can: async () => ({ allowed: false }) } }).says('exec tm1-1')).toBe(
      'You are not allowed to create pods/exec in namespace default.',
    );
  });

  test('on the screen the terminal is lent, and a command waits for Enter before the screen comes back', async () => {
    const steps: string[] = [];
    const person = user();
    const front = testFront({
      streams: () => person.streams,
      async lend(work) {
        steps.push('lent');
        await work();
        steps.push('back');
        return true;
      },
    });
    const sat = desk({ front, kubernetes: fakeKubernetes({ exec: async () => 4 }) });
    sat.store.pods(pod({ shortName: 'taskmanager-1-1' }));
    const running = sat.says('exec tm1-1 -- df -h');
    await seen(() => person.shown.stderr.includes('Enter goes back.'));
    expect(steps).toEqual(['lent']);
    person.stdin.write('\n');
    expect(await running).toBe('done');
    expect([steps, front.printed]).toEqual([['lent', 'back'], ['df in pod taskmanager-1-1 ended with exit code 4.']]);
  });

  test('without a terminal to lend, the way that works is named', async () => {
    const { says } = sitting(missing, { pieces: { front: testFront({ streams: () => user().streams, lend: async () => false }) } });
    expect(await says('exec tm1-1')).toBe(
      'There is no terminal here for a program in a pod. drey exec CLUSTER POD works in a pipe as well.',
    );
  });
});

describe('the keys that leave a program', () => {
  test.each([
    ['~.', '', true],
    ['ls\r~.rest', 'ls\r', true],
    ['a~.', 'a~.', false],
    ['~~.', '~.', false],
    ['\r~x~.', '\r~x~.', false],
    ['\r\n~.', '\r\n', true],
  ])('%j', (typed, passed, left) => {
    for (const size of [1, 2, typed.length]) {
      const watch = escape();
      let read = '';
      let gone = false;
      for (let at = 0; at < typed.length && !gone; at += size) {
        const piece = watch.read(Buffer.from(typed.slice(at, at + size)));
        read += piece.passed.toString();
        gone = piece.left;
      }
      expect([read, gone]).toEqual([passed, left]);
    }
  });
});
