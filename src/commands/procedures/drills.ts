import type { SandboxControl } from '../model/sandbox-control.ts';
import { takeSavepoint } from './savepoints.ts';
import type { Shown } from '../model/shown.ts';
import type { CommandContext } from '../model/types.ts';
import type { Job } from '../../session/types.ts';

/** The tools and the job of a drill. */
export interface Stage
  extends
    Pick<CommandContext, 'store' | 'flink' | 'cluster' | 'operations' | 'newId' | 'clock' | 'refresh'>,
    Pick<SandboxControl, 'perform'> {
  readonly job: Job;
}

/** An incident to practise on: what happens, the question, and when the screen shows the answer. */
export interface Drill {
  readonly name: string;
  /** Its subject, for the list. */
  readonly summary: string;
  readonly play: (stage: Stage) => Promise<void>;
  /** Of two running jobs, it is about the one that `!` does not name; absent: about the one with the most tasks. */
  readonly decoy?: true;
  /** Repeat it after this time until the answer is found. */
  readonly everyMs?: number;
  readonly question: (job: Job) => readonly string[];
  readonly answered: (shown: Shown, job: Job) => boolean;
  /** The smallest number of keys from the command line to the answer. */
  readonly shortest: readonly string[];
}

/** The mark of the bad record. */
const ORDER = '48151623';

/** The rows of a card break where they have no more room. */
const cardSays = (shown: Shown, wanted: RegExp): boolean =>
  wanted.test(
    shown
      .rows('incident')
      .map((row) => row.replaceAll(/^[│|]|[│┃|]$/g, '').trim())
      .join(' '),
  );

/** The mark of the failure in question, next to a louder one. */
const CURRENCY = 'unknown currency XQZ';

/** Each shows another strong point of the screen; the first is the shortest. */
export const drills: readonly Drill[] = [
  {
    name: 'oom',
    summary: 'A TaskManager is killed for its memory',
    play: async ({ perform }) => void (await perform('oom', {})),
    question: (job) => [`03:12. ${job.name} has lost a TaskManager and starts again. What killed it?`],
    answered: (shown) => cardSays(shown, /OOMKilled/),
    shortest: ['!'],
  },
  {
    name: 'bad-record',
    summary: 'A record that a job cannot process',
    play: async ({ perform, job }) => void (await perform('fail', { job: job.id, message: `no customer for order ${ORDER}` })),
    everyMs: 20_000,
    question: (job) => [
      `${job.name} fails again and again on the same record. Go to the place in the log of its TaskManager where that is written.`,
    ],
    answered: ({ logPlace }) => logPlace?.pod?.includes('-taskmanager-') === true && logPlace.lines.some((line) => line.includes(ORDER)),
    shortest: ['!', 'l'],
  },
  {
    name: 'outage',
    summary: 'The API server goes away',
    play: async ({ perform }) => void (await perform('outage', { for: 3_600_000 })),
    question: () => ['Nothing moves any more. Is it the jobs, or is it what they are seen through? Open the explanation.'],
    answered: (shown) => cardSays(shown, /refuses connections/),
    shortest: ['!'],
  },
  {
    name: 'stuck-savepoint',
    summary: 'A savepoint that does not end',
    async play(stage) {
      await stage.perform('stick-checkpoints', {});
      // It ends with the drill or with the session; the operations panel shows its outcome.
      takeSavepoint(stage, stage.job, { directory: undefined, format: 'CANONICAL' }).catch(() => undefined);
    },
    question: (job) => [`A savepoint of ${job.name} was asked for, and does not come. How many of its subtasks have acknowledged it?`],
    answered: (shown) => shown.rows('operations').some((row) => /\d+\/\d+ subtasks/.test(row)),
    shortest: ['Esc', '3'],
  },
  {
    name: 'no-slots',
    summary: 'A job that finds no room',
    async play({ perform, store }) {
      await perform('no-room', {});
      for (const { name, role } of store.get().pods.values()) if (role === 'taskmanager') await perform('kill', { pod: name });
    },
    question: (job) => [`${job.name} does not come back. What do its TaskManagers wait for?`],
    answered: (shown) => cardSays(shown, /Insufficient cpu/),
    shortest: ['!'],
  },
  {
    name: 'two-failures',
    summary: 'Two jobs fail, and the louder one is not the one that is asked about',
    async play({ perform, job, store }) {
      for (const { id, state } of store.get().jobs)
        if (id !== job.id && state === 'RUNNING')
          await perform('fail', { job: id, message: 'java.lang.OutOfMemoryError: Java heap space' });
      await perform('fail', { job: job.id, message: CURRENCY });
    },
    decoy: true,
    everyMs: 20_000,
    question: (job) => [`Two jobs fail again and again. What does ${job.name} fail on?`],
    answered: (shown) => cardSays(shown, new RegExp(CURRENCY)),
    shortest: ['!', 'n'],
  },
];
