import { timelineEntry } from '../../session/draft.ts';
import { formatDuration } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { command } from '../model/command.ts';
import { type Drill, drills } from '../procedures/drills.ts';
import { commandHelp } from '../line/help-text.ts';
import type { SandboxControl } from '../model/sandbox-control.ts';
import type { Shown, Watch } from '../model/shown.ts';
import type { Command, CommandContext } from '../model/types.ts';
import type { Job } from '../../session/types.ts';
import { abortable, lifetime } from '../../support/waiting.ts';

interface Running {
  readonly question: readonly string[];
  readonly stop: () => void;
  readonly over: Promise<void>;
}

/** `drill oom`, `drill outage`, …, `drill stop`: incidents to practise on in the sandbox. One at a time. */
export function drillCommand({ perform, outlives }: Pick<SandboxControl, 'perform' | 'outlives'>): Command {
  let running: Running | undefined;

  const play = async (drill: Drill, context: CommandContext): Promise<void> => {
    const { front, refresh } = context;
    if (front.watch === undefined)
      throw new Problem('conflict', 'A drill needs the screen.', { hint: 'drey attach --sandbox on a terminal shows it.' });
    await end();
    const job = askedAbout(drill, context);
    const { signal, end: stop } = lifetime(context.signal);
    const over = Promise.withResolvers<void>();
    const question = drill.question(job);
    running = { question, stop, over: over.promise };
    const again = lifetime(signal);
    try {
      await drill.play({ ...context, perform, job });
      if (drill.everyMs !== undefined) void repeat(drill, drill.everyMs, { ...context, perform, job }, again.signal);
      tell(context, `Drill ${drill.name}: ${question.join(' ')}`);
      front.print([...question, 'drill shows this again; drill stop ends it.'], 'event');
      refresh();
      const began = context.clock.now();
      const { keys } = await found(front.watch, (shown) => drill.answered(shown, job), signal);
      const said = verdict(drill, context.clock.now() - began, keys);
      tell(context, said);
      front.print([said], 'good');
    } finally {
      again.end();
      try {
        // If the sandbox ended with the session, nothing is left to heal.
        if (outlives || !context.signal.aborted) await perform('heal', {});
      } finally {
        running = undefined;
        over.resolve();
      }
      refresh();
    }
  };

  const end = async (): Promise<void> => {
    running?.stop();
    await running?.over;
  };

  const group: Command = {
    ...command({
      name: 'drill',
      summary: 'Practise on an incident in the sandbox, against the clock',
      details:
        'Something breaks, and a question is asked. drey notices when the screen shows the answer, and reports the time, the keys and the shortest way. Everything is healed afterwards.',
      group: 'sandbox',
      examples: ['drill oom', 'drill stop'],
      danger: 'safe',
      run({ front }) {
        if (running !== undefined) front.print(running.question, 'event');
        else return front.show({ kind: 'help', command: 'drill', text: commandHelp(group) });
      },
    }),
    subcommands: [
      ...drills.map((drill) =>
        command({
          name: `drill ${drill.name}`,
          summary: drill.summary,
          group: 'sandbox',
          danger: 'change',
          run: (context) => play(drill, context),
        }),
      ),
      command({
        name: 'drill stop',
        summary: 'End the drill and heal the sandbox',
        group: 'sandbox',
        danger: 'safe',
        async run({ front }) {
          if (running === undefined) return front.print(['No drill is running.']);
          await end();
          front.print(['The drill is over, and the sandbox is healed.']);
        },
      }),
    ],
  };
  return group;
}

/** The job that a drill is about. Of several jobs that fail alike, `!` names the first. */
function askedAbout({ name, decoy }: Drill, { store }: CommandContext): Job {
  const running = store.get().jobs.filter(({ state }) => state === 'RUNNING');
  const [busiest] = running.toSorted((a, b) => b.tasks.total - a.tasks.total);
  if (busiest === undefined)
    throw new Problem('conflict', 'A drill needs a running job.', { hint: 'submit OrdersEnrichment.jar starts one.' });
  if (decoy === undefined) return busiest;
  const [, ...others] = running;
  const last = others.at(-1);
  if (last === undefined)
    throw new Problem('conflict', `Drill ${name} needs two running jobs.`, { hint: 'submit OrdersEnrichment.jar starts one.' });
  return last;
}

/** Resolves once the answer is shown, with the number of keys pressed since the question. */
async function found(watch: Watch, isAnswer: (shown: Shown) => boolean, signal: AbortSignal): Promise<{ readonly keys: number }> {
  const answer = Promise.withResolvers<{ readonly keys: number }>();
  let first: number | undefined;
  const unwatch = watch((shown) => {
    first ??= shown.keys;
    // The answer must be found, not stumbled over: a user who has pressed no key has not looked for it.
    if (shown.keys > first && isAnswer(shown)) answer.resolve({ keys: shown.keys - first });
  });
  try {
    return await abortable(answer.promise, signal);
  } finally {
    unwatch();
  }
}

async function repeat(drill: Drill, ms: number, stage: CommandContext & Parameters<Drill['play']>[0], signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await stage.clock.sleep(ms, signal);
      await drill.play(stage);
    }
  } catch (error) {
    // The drill is over; or the job is not running again yet, and fails anyway.
    if (!signal.aborted && !(error instanceof Problem)) throw error;
  }
}

function tell({ store, clock }: CommandContext, text: string): void {
  const at = clock.now();
  store.tell([{ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'info', undefined, text) }]);
}

const counted = (keys: number): string => `${keys} ${keys === 1 ? 'key' : 'keys'}`;

function verdict({ name, shortest }: Drill, ms: number, keys: number): string {
  const took = `Drill ${name}: found after ${formatDuration(ms)} with ${counted(keys)}.`;
  return keys <= shortest.length
    ? `${took} There is no shorter way.`
    : `${took} The shortest way: ${shortest.join(' ')} (${counted(shortest.length)}).`;
}
