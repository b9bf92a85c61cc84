import { createRunner, type Outcome, type Plan, type Runner, type RunnerPieces } from '../../src/commands/runner.ts';
import {
  FakeClock,
  fakeCluster,
  fakeFlink,
  fakeKubernetes,
  noLaunches,
  noLogs,
  testFront,
  testOperations,
  testStore,
  type TestFront,
  type TestStore,
} from '../support/fakes.ts';

/** Somebody who types commands, and all that is around the command line. */
export interface Desk {
  readonly clock: FakeClock;
  readonly store: TestStore;
  readonly front: TestFront;
  readonly runner: Runner;
  readonly notes: readonly object[];
  readonly end: AbortController;
  /** How often the feeds were asked to look again. */
  readonly refreshed: () => number;
  /** The sentence with which the line is refused or not understood, the title of its question, or how it ended. */
  says(line: string): Promise<string>;
  /** Plans and runs; a question is answered with yes. */
  run(line: string): Promise<Outcome>;
  plan(line: string): Promise<Plan>;
}

export function desk(pieces: Partial<RunnerPieces> = {}): Desk {
  const clock = new FakeClock();
  const store = testStore(clock);
  const front = testFront();
  const end = new AbortController();
  const operations = testOperations(store, clock, end.signal);
  let refreshed = 0;
  let ids = 0;
  const runner = createRunner({
    store,
    logs: noLogs,
    flink: fakeFlink(),
    kubernetes: fakeKubernetes(),
    cluster: fakeCluster(),
    operations,
    launches: noLaunches,
    front,
    clock,
    signal: end.signal,
    refresh: () => void (refreshed += 1),
    newId: () => String(++ids).padStart(32, 'a'),
    readOnly: false,
    cwd: '/nowhere',
    home: '/nowhere',
    stateFolder: '/nowhere',
    env: {},
    sandbox: undefined,
    mode: 'tui',
    ...pieces,
  });
  // Without a screen these desks are pipes: nobody can be asked.
  const plan = (line: string): Promise<Plan> => runner.plan(line, { confirmed: pieces.mode !== undefined && pieces.mode !== 'tui' });
  const run = async (line: string): Promise<Outcome> => {
    const planned = await plan(line);
    if (planned.kind !== 'run' && planned.kind !== 'confirm') throw new Error(`"${line}" does not run: ${words(planned)}`);
    return runner.run(planned);
  };
  return {
    clock,
    store,
    front,
    runner,
    end,
    run,
    notes: operations.notes,
    refreshed: () => refreshed,
    plan,
    async says(line) {
      const planned = await plan(line);
      if (planned.kind !== 'run') return words(planned);
      const outcome = await runner.run(planned);
      return outcome.kind === 'failed' ? [outcome.problem.message, outcome.problem.hint].filter(Boolean).join(' ') : outcome.kind;
    },
  };
}

function words(plan: Plan): string {
  switch (plan.kind) {
    case 'error':
      return [plan.problem.message, plan.problem.hint].filter(Boolean).join(' ');
    case 'refused':
      return plan.reason;
    case 'confirm':
      return plan.confirmation.title;
    default:
      return plan.kind;
  }
}
