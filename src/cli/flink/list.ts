import { isTerminal, type JobOverview } from '../../flink/types.ts';
import { isoTime } from '../../support/machine-text.ts';
import { withCluster, type ActionContext } from './action.ts';

const rule = '-'.repeat(62);
const isScheduled = (job: JobOverview): boolean => job.state === 'CREATED' || job.state === 'INITIALIZING';

/** `list`. Source of the layout, the classes of states and the order: `CliFrontend.listJobs`, Flink 2.3. */
export async function list(context: ActionContext): Promise<void> {
  const { line, say, result } = context;
  const wanted = selection(line.has('all'), line.has('running'), line.has('scheduled'));
  await withCluster(context, async ({ client, signal }) => {
    say('Waiting for response...');
    const jobs = (await client.jobs({ signal })).toSorted((a, b) => a.startTime - b.startTime || compare(a.state, b.state));
    const groups = {
      running: jobs.filter((job) => !isTerminal(job.state) && !isScheduled(job)),
      scheduled: jobs.filter(isScheduled),
      terminated: jobs.filter((job) => isTerminal(job.state)),
    };
    if (context.json) {
      result({
        jobs: [
          ...(wanted.running ? groups.running : []),
          ...(wanted.scheduled ? groups.scheduled : []),
          ...(wanted.terminated ? groups.terminated : []),
        ].map(jobJson),
      });
      return;
    }
    if (wanted.running) section('------------------ Running/Restarting Jobs -------------------', groups.running, 'No running jobs.', say);
    if (wanted.scheduled)
      section('----------------------- Scheduled Jobs -----------------------', groups.scheduled, 'No scheduled jobs.', say);
    if (wanted.terminated) section('---------------------- Terminated Jobs -----------------------', groups.terminated, undefined, say);
  });
}

/** Without options: running and scheduled jobs. */
function selection(
  all: boolean,
  running: boolean,
  scheduled: boolean,
): { readonly running: boolean; readonly scheduled: boolean; readonly terminated: boolean } {
  const none = !all && !running && !scheduled;
  return { running: none || running || all, scheduled: none || scheduled || all, terminated: all };
}

function section(title: string, jobs: readonly JobOverview[], empty: string | undefined, say: (line: string) => void): void {
  if (jobs.length === 0) {
    if (empty !== undefined) say(empty);
    return;
  }
  say(title);
  for (const job of jobs) say(`${localTime(job.startTime)} : ${job.id} : ${job.name} (${job.state})`);
  say(rule);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `dd.MM.yyyy HH:mm:ss` in the local zone. */
function localTime(at: number): string {
  const date = new Date(at);
  return `${two(date.getDate())}.${two(date.getMonth() + 1)}.${date.getFullYear()} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One job in the JSON of `list`: stamps in ISO 8601, absent if Flink has none yet. */
function jobJson(job: JobOverview): unknown {
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    startTime: isoTime(job.startTime),
    endTime: isoTime(job.endTime),
    durationMs: job.durationMs,
    tasks: { total: job.tasks.total, ...job.tasks.byState },
  };
}
