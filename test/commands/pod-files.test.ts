import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunnerPieces } from '../../src/commands/runner.ts';
import type { ExecRequest, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeKubernetes, testFront } from '../support/fakes.ts';
import { pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

/** A folder here, and one that stands for the file system of the pod: its commands are run by the shell of this machine. */
let here: string;
let there: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'drey-pod-files-'));
  [here, there] = [join(folder, 'here'), join(folder, 'there')];
  for (const path of [here, there]) mkdirSync(path);
});
afterEach(() => rmSync(join(here, '..'), { recursive: true }));

/** Runs a command as a container would. */
function run({ command, stdin, onStdout, onStderr, signal }: ExecRequest): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: there });
  stdin?.pipe(child.stdin);
  if (stdin === undefined) child.stdin.end();
  child.stdin.on('error', () => {});
  child.stderr.on('data', (chunk: Buffer) => onStderr?.(chunk));
  return new Promise((resolve, reject) => {
    // As from a cluster, a piece is handed on once the one before it is taken.
    let taken = Promise.resolve();
    child.stdout.on('data', (chunk: Buffer) => (taken = taken.then(() => onStdout?.(chunk))));
    // The input of a program ends with its connection.
    const end = (error: unknown): void => {
      child.stdin.end();
      reject(error);
    };
    stdin?.on('error', end);
    signal?.addEventListener('abort', () => end(new DOMException('', 'AbortError')));
    child.on('close', (code) => taken.then(() => resolve(code ?? 1), reject));
  });
}

function sitting(pieces: Partial<RunnerPieces> = {}, exec = run) {
  const sat = desk({ mode: 'one-shot', cwd: here, home: here, kubernetes: fakeKubernetes({ exec }), ...pieces });
  sat.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
  return sat;
}

const sum = /SHA-256 [0-9a-f]{64}\.$/;
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256));

describe('get', () => {
  test('copies a file with its bytes, its mode and its hash, in an operation', async () => {
    writeFileSync(join(there, 'heap.hprof'), bytes);
    chmodSync(join(there, 'heap.hprof'), 0o640);
    const { says, front, store } = sitting();
    expect(await says(`get tm1-1:${there}/heap.hprof`)).toBe('done');
    expect(readFileSync(join(here, 'heap.hprof'))).toEqual(bytes);
    expect(statSync(join(here, 'heap.hprof')).mode & 0o777).toBe(0o640);
    expect(front.printed).toEqual([expect.stringMatching(sum)]);
    expect(store.get().operations).toMatchObject([{ title: `Get ${there}/heap.hprof of taskmanager-1-1`, state: 'succeeded' }]);
  });

  test.each([
    ['a name', 'other', 'other'],
    ['a folder', '.', 'f'],
  ])('into %s', async (_, to, name) => {
    writeFileSync(join(there, 'f'), 'x');
    expect(await sitting().says(`get tm1-1:f ${to}`)).toBe('done');
    expect(readdirSync(here)).toEqual([name]);
  });

  test('an empty file, and one whose name looks like an option or has a space', async () => {
    for (const name of ['-rf', 'a b']) writeFileSync(join(there, name), '');
    expect(await sitting().says('get tm1-1:-rf')).toBe('done');
    expect(await sitting().says('get "tm1-1:a b"')).toBe('done');
    expect(readdirSync(here)).toEqual(['-rf', 'a b']);
  });

  test('a file whose name is ~ is not taken for the home folder, and a folder of its name is left alone', async () => {
    for (const name of ['~', 'f']) writeFileSync(join(there, name), 'x');
    expect(await sitting().says('get tm1-1:~')).toBe('done');
    mkdirSync(join(here, 'f'));
    for (const line of ['get tm1-1:f --force', 'get tm1-1:f . --force']) {
      expect(await sitting().says(line)).toBe(`${here}/f is a folder. Give the file another name: get POD:PATH FILE.`);
    }
    expect(readdirSync(here)).toEqual(['f', '~']);
  });

  test('says where a link leads', async () => {
    writeFileSync(join(there, 'f'), 'x');
    symlinkSync('f', join(there, 'link'));
    const { says, front } = sitting();
    expect(await says('get tm1-1:link')).toBe('done');
    expect(front.printed[1]).toBe(`taskmanager-1-1:link is a link to ${there}/f.`);
  });

  test.each([
    ['nosuch', 'There is no file taskmanager-1-1:nosuch.'],
    ['/dev/null', 'taskmanager-1-1:/dev/null is a device, a pipe or a socket: it has no content to copy.'],
    ['.', 'taskmanager-1-1:. is a folder: get copies one file.'],
  ])('%s is not copied', async (path, sentence) => {
    expect(await sitting().says(`get tm1-1:${path}`)).toContain(sentence);
    expect(readdirSync(here)).toEqual([]);
  });

  test('overwrites nothing without a yes or --force', async () => {
    writeFileSync(join(there, 'f'), 'new');
    writeFileSync(join(here, 'f'), 'old');
    expect(await sitting().says('get tm1-1:f')).toBe(`${here}/f exists. --force overwrites it.`);
    const refusing = testFront({ agrees: async () => false });
    expect(await sitting({ front: refusing }).says('get tm1-1:f')).toBe(`${here}/f exists. --force overwrites it.`);
    expect(readFileSync(join(here, 'f'), 'utf8')).toBe('old');
    expect(await sitting({ front: testFront({ agrees: async () => true }) }).says('get tm1-1:f')).toBe('done');
    expect(await sitting().says('get tm1-1:f --force')).toBe('done');
    expect(readFileSync(join(here, 'f'), 'utf8')).toBe('new');
    expect(readdirSync(here)).toEqual(['f']);
  });

  /** As `run`, but what a program writes comes otherwise. */
  const meddling =
    (program: string, change: (chunk: Uint8Array) => Uint8Array) =>
    (request: ExecRequest): Promise<number> =>
      run({ ...request, onStdout: (chunk) => request.onStdout?.(request.command[0] === program ? change(chunk) : chunk) });

  test.each([
    ['came otherwise', meddling('head', (chunk) => chunk.map((byte) => byte ^ 1)), 'its SHA-256 differs'],
    ['came cut', meddling('head', (chunk) => chunk.subarray(1)), 'bytes of taskmanager-1-1:f came'],
  ])('of a file that %s, nothing is left', async (_, exec, sentence) => {
    writeFileSync(join(there, 'f'), bytes);
    expect(await sitting({}, exec).says('get tm1-1:f')).toContain(sentence);
    expect(readdirSync(here)).toEqual([]);
  });

  test('of a file that is given up, nothing is left at once', async () => {
    writeFileSync(join(there, 'f'), bytes);
    const begun = Promise.withResolvers<void>();
    const exec = (request: ExecRequest): Promise<number> => {
      if (request.command[0] !== 'head') return run(request);
      return new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        void Promise.resolve(request.onStdout?.(bytes.subarray(0, 1_000))).then(begun.resolve);
      });
    };
    const { says, end } = sitting({}, exec);
    const running = says('get tm1-1:f');
    await begun.promise;
    expect(readdirSync(here)).toEqual([expect.stringMatching(/^f\..*\.part$/)]);
    end.abort();
    expect(readdirSync(here)).toEqual([]);
    expect(await running).toBe('aborted');
  });

  test('a pod and a path are needed', async () => {
    expect(await sitting().says('get tm1-1')).toBe('"tm1-1" does not name a pod and a path. Write them as tm1-1:/opt/flink/log/gc.log.0.');
    expect(await sitting().says('get nosuch:/f')).toContain('There is no pod "nosuch" of c1.');
  });

  test('a container without the programs that it needs is said', async () => {
    const exec = async (): Promise<number> => {
      throw new Problem('unavailable', 'exec: "sh": executable file not found in $PATH');
    };
    expect(await sitting({}, exec).says('get tm1-1:/f')).toBe(
      'Container flink-main-container of pod taskmanager-1-1 has no sh: files cannot be copied. debug taskmanager-1-1 prints a command that brings one.',
    );
  });
});

describe('put', () => {
  test('copies a file with its bytes and its mode, also into a folder', async () => {
    writeFileSync(join(here, 'run.sh'), bytes);
    chmodSync(join(here, 'run.sh'), 0o750);
    const { says, front } = sitting();
    expect(await says(`put run.sh tm1-1:${there}`)).toBe('done');
    expect(await says('put run.sh tm1-1:other')).toBe('done');
    for (const name of ['run.sh', 'other']) {
      expect(readFileSync(join(there, name))).toEqual(bytes);
      expect(statSync(join(there, name)).mode & 0o777).toBe(0o750);
    }
    expect(front.printed).toEqual([expect.stringMatching(sum), expect.stringMatching(sum)]);
    expect(readdirSync(there)).toEqual(['other', 'run.sh']);
  });

  test('overwrites nothing without a yes or --force', async () => {
    writeFileSync(join(here, 'f'), 'new');
    writeFileSync(join(there, 'f'), 'old');
    expect(await sitting().says('put f tm1-1:f')).toBe('taskmanager-1-1:f exists. --force overwrites it.');
    expect(readFileSync(join(there, 'f'), 'utf8')).toBe('old');
    expect(await sitting().says('put f tm1-1:f --force')).toBe('done');
    expect(readFileSync(join(there, 'f'), 'utf8')).toBe('new');
    expect(readdirSync(there)).toEqual(['f']);
  });

  test('follows a link: what it leads to is overwritten, and the link stays', async () => {
    writeFileSync(join(here, 'f'), 'new');
    mkdirSync(join(there, 'data'));
    writeFileSync(join(there, 'data/target'), 'old');
    symlinkSync('data/target', join(there, 'link'));
    const { says, front } = sitting();
    expect(await says('put f tm1-1:link')).toBe(`taskmanager-1-1:${there}/data/target exists. --force overwrites it.`);
    expect(await says('put f tm1-1:link --force')).toBe('done');
    expect(readFileSync(join(there, 'data/target'), 'utf8')).toBe('new');
    expect(readlinkSync(join(there, 'link'))).toBe('data/target');
    expect(front.printed.at(-1)).toBe(`taskmanager-1-1:link is a link to ${there}/data/target.`);
    expect([readdirSync(there), readdirSync(join(there, 'data'))]).toEqual([['data', 'link'], ['target']]);
  });

  test.each([
    ['nosuch', 'tm1-1:f', 'There is no file '],
    ['.', 'tm1-1:f', 'it is a folder, and put copies one file.'],
    ['f', 'tm1-1:no/such/f', 'taskmanager-1-1:no/such/f cannot be written: '],
    ['f', 'tm1-1:nosuch/', 'There is no folder taskmanager-1-1:nosuch/.'],
    ['f', 'tm1-1:/dev/null', 'put writes files only.'],
  ])('put %s %s says why not', async (from, to, sentence) => {
    writeFileSync(join(here, 'f'), 'x');
    expect(await sitting().says(`put ${from} ${to}`)).toContain(sentence);
    expect(readdirSync(there)).toEqual([]);
  });

  test('a pipe that nobody writes to is not waited for', async () => {
    execFileSync('mkfifo', [join(here, 'pipe')]);
    expect(await sitting().says('put pipe tm1-1:f')).toBe(`${here}/pipe cannot be copied: it is not a file.`);
  });

  test('what did not come whole is removed in the pod', async () => {
    writeFileSync(join(here, 'f'), bytes);
    // A connection that breaks in the middle: the input of the script ends.
    const exec = (request: ExecRequest): Promise<number> => {
      if (request.stdin === undefined) return run(request);
      const { stdin: _, ...rest } = request;
      return run(rest);
    };
    expect(await sitting({}, exec).says('put f tm1-1:f')).toContain('taskmanager-1-1:f did not arrive whole');
    expect(readdirSync(there)).toEqual([]);
  });

  test('a code of 0 alone is not believed', async () => {
    writeFileSync(join(here, 'f'), bytes);
    const exec = async (request: ExecRequest): Promise<number> => {
      if (request.stdin === undefined) return run(request);
      await request.onStderr?.(Buffer.from('sh: 1: cannot create f: Permission denied'));
      return 0;
    };
    expect(await sitting({}, exec).says('put f tm1-1:f')).toBe(
      'taskmanager-1-1:f cannot be written: sh: 1: cannot create f: Permission denied.',
    );
  });

  test('is refused in a session that may only read; get is not', async () => {
    writeFileSync(join(there, 'f'), 'x');
    expect(await sitting({ readOnly: true }).says('put f tm1-1:f')).toBe('put changes the cluster, and this session is read-only.');
    expect(await sitting({ readOnly: true }).says('get tm1-1:f')).toBe('done');
  });
});

describe('debug', () => {
  const printed = async (line: string, spec: object = {}): Promise<readonly string[]> => {
    const get = async <T>() => ({ spec }) as KubernetesObject as T;
    const sat = desk({ kubernetes: fakeKubernetes({ get }) });
    sat.store.pods(pod({ shortName: 'taskmanager-1-1' }));
    const said = await sat.says(line);
    return said === 'done' ? sat.front.printed : [said];
  };

  test('prints a line for kubectl with context, namespace, image and the container to look at', async () => {
    expect(await printed('debug tm1-1')).toEqual([
      'kubectl debug --stdin --tty --context=prod-eu --namespace=default c1-taskmanager-1-1 --image=busybox --target=flink-main-container --profile=general -- sh',
    ]);
  });

  test('names the kubeconfig that was asked for', async () => {
    const sat = desk({ kubernetes: fakeKubernetes({ get: async <T>() => ({}) as KubernetesObject as T }) });
    sat.store.pods(pod({ shortName: 'taskmanager-1-1' }));
    sat.store.tell([{ kind: 'target', at: 0, target: { ...sat.store.get().target, kubeconfig: '/home/ada/my config' } }]);
    expect(await sat.says('debug tm1-1')).toBe('done');
    expect(sat.front.printed[0]).toContain(` '--kubeconfig=/home/ada/my config' --context=prod-eu `);
  });

  test('another image, and the profile of a pod that allows no root', async () => {
    const [line] = await printed('debug tm1-1 --image "my image"', { securityContext: { runAsNonRoot: true } });
    expect(line).toContain(`'--image=my image' --target=flink-main-container --profile=restricted`);
  });

  test('a container that is not there is said', async () => {
    expect(await printed('debug tm1-1 -c nosuch')).toEqual([
      'Pod taskmanager-1-1 has no container "nosuch". Its containers: flink-main-container.',
    ]);
  });
});
