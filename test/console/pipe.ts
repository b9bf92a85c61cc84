import { PassThrough, Writable } from 'node:stream';
import { createRunner, type RunnerPieces } from '../../src/commands/runner.ts';
import { runLineMode } from '../../src/console/line-mode.ts';
import {
  FakeClock,
  fakeCluster,
  fakeFlink,
  fakeKubernetes,
  noLogs,
  settle,
  noLaunches,
  testOperations,
  testStore,
  type TestStore,
} from '../support/fakes.ts';

/** A script that talks to the line mode through pipes. */
export interface Pipe {
  readonly clock: FakeClock;
  readonly store: TestStore;
  readonly stdin: PassThrough & { isTTY?: boolean };
  readonly out: () => readonly string[];
  readonly err: () => readonly string[];
  /** Every write to stdout as it came. */
  readonly writes: readonly string[];
  /** Ctrl+C. */
  readonly interrupt: () => void;
  readonly stdout: Writable;
  /** The exit code. */
  readonly exit: Promise<number>;
  /** Writes to standard input and lets it be worked on. */
  readonly write: (text: string) => Promise<void>;
  /** End of the input. */
  readonly end: () => Promise<void>;
}

export interface PipeOptions extends Partial<RunnerPieces> {
  readonly isTTY?: boolean;
  readonly stdout?: Writable;
}

const linesOf = (writes: readonly string[]): readonly string[] => writes.join('').split('\n').slice(0, -1);

const collect = (into: string[]): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) into.push(chunk.toString());
      done();
    },
  });

export function pipe({ isTTY, stdout: givenStdout, ...pieces }: PipeOptions = {}): Pipe {
  const clock = new FakeClock();
  const store = testStore(clock);
  const interruption = new AbortController();
  const writes: string[] = [];
  const errors: string[] = [];
  const stdin: Pipe['stdin'] = Object.assign(new PassThrough(), isTTY === undefined ? {} : { isTTY });
  const stdout = givenStdout ?? collect(writes);
  const logs = pieces.logs ?? noLogs;
  let ids = 0;
  const exit = runLineMode({
    store,
    stdin,
    stdout,
    stderr: collect(errors),
    clock,
    signal: interruption.signal,
    open: async (front) => ({
      logs,
      runner: createRunner({
        store,
        logs,
        flink: fakeFlink(),
        kubernetes: fakeKubernetes(),
        cluster: fakeCluster(),
        operations: testOperations(store, clock, interruption.signal),
        launches: noLaunches,
        front,
        clock,
        signal: interruption.signal,
        refresh: () => {},
        newId: () => String(++ids).padStart(32, 'a'),
        readOnly: false,
        cwd: '/nowhere',
        home: '/nowhere',
        stateFolder: '/nowhere',
        env: {},
        sandbox: undefined,
        mode: 'line',
        ...pieces,
      }),
    }),
  });
  return {
    clock,
    store,
    stdin,
    stdout,
    writes,
    exit,
    out: () => linesOf(writes),
    err: () => linesOf(errors),
    interrupt: () => interruption.abort(),
    async write(text) {
      stdin.write(text);
      await settle();
    },
    async end() {
      stdin.end();
      await settle();
    },
  };
}
