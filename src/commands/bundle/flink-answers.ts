import { maskedData } from '../../config/secrets/documents.ts';
import { maskText } from '../../config/secrets/redact.ts';
import { metricQueries } from '../../flink/metric-query.ts';
import type { FlinkClient } from '../../flink/types.ts';
import { bundlePlaces } from '../../session/recording/bundle-facts.ts';
import { jsonText } from '../../support/machine-text.ts';
import { type Collector, fileWord, type Tried } from './collector.ts';

/** For one answer; a dump of threads takes a busy process its time. */
const answerMs = 30_000;
/** For all of them: each of a thousand processes may be slow. */
const allMs = 3 * 60_000;
const atOnce = 4;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** The members of this name of the elements of a list. */
const each = (list: unknown, name: string): readonly string[] =>
  Array.isArray(list) ? list.flatMap((one: unknown) => (isFields(one) && typeof one[name] === 'string' ? [one[name]] : [])) : [];
const member = (answer: unknown, name: string): unknown => (isFields(answer) ? answer[name] : undefined);

/**
 * What Flink's REST endpoint says of the cluster, its processes and its jobs. Returns Flink's version, if it was told.
 */
export async function collectFlink(collector: Collector, flink: Pick<FlinkClient, 'answer'>): Promise<string | undefined> {
  collector.begin('Answers of Flink');
  const answers = new Answers(collector, flink);
  const overview = await answers.first();
  if (overview === undefined) return undefined;
  for (const path of ['/config', '/jobmanager/config', '/jobmanager/environment', '/jobmanager/logs', '/jars']) await answers.keep(path);
  const taskManagers = await answers.keep('/taskmanagers');
  const jobs = await answers.keep('/jobs/overview');
  await answers.keepAll([...processAnswers('/jobmanager')]);
  for (const id of each(member(taskManagers, 'taskmanagers'), 'id'))
    await answers.keepAll([`/taskmanagers/${encodeURIComponent(id)}`, ...processAnswers(`/taskmanagers/${encodeURIComponent(id)}`)]);
  for (const id of each(member(jobs, 'jobs'), 'jid')) await collectJob(answers, `/jobs/${encodeURIComponent(id)}`);
  answers.tellUnasked();
  const version = member(overview, 'flink-version');
  return typeof version === 'string' ? version : undefined;
}

const processAnswers = (path: string): readonly string[] => [`${path}/thread-dump`, `${path}/metrics`];

async function collectJob(answers: Answers, path: string): Promise<void> {
  const job = await answers.keep(path);
  if (job === undefined) return;
  const parts = ['plan', 'config', 'exceptions', 'accumulators', 'checkpoints/config', 'metrics'];
  await answers.keepAll(parts.map((part) => `${path}/${part}`));
  const latest = member(await answers.keep(`${path}/checkpoints`), 'latest');
  const checkpoints = ['completed', 'failed'].flatMap((kind) => {
    const id = member(member(latest, kind), 'id');
    return typeof id === 'number' ? [`${path}/checkpoints/details/${id}`] : [];
  });
  const vertices = each(member(job, 'vertices'), 'id').flatMap((id) => {
    const vertex = `${path}/vertices/${encodeURIComponent(id)}`;
    return [vertex, `${vertex}/subtasks/metrics`];
  });
  await answers.keepAll([...checkpoints, ...vertices]);
}

/** Asks and keeps answers as they come, with their secrets masked; once Flink is away, nothing more is asked. */
class Answers {
  readonly #collector: Collector;
  readonly #flink: Pick<FlinkClient, 'answer'>;
  readonly #end: number;
  #isSilent = false;
  #unasked = 0;

  constructor(collector: Collector, flink: Pick<FlinkClient, 'answer'>) {
    this.#collector = collector;
    this.#flink = flink;
    this.#end = collector.clock.monotonic() + allMs;
  }

  /** Flink's answer about itself; undefined: it does not answer at all. */
  async first(): Promise<unknown> {
    const tried = await this.#collector.trying(answerMs, (signal) => this.#read('/overview', signal));
    if ('value' in tried) return this.#kept('/overview', tried);
    // What cannot be found is the JobManager.
    this.#collector.leaveOut('Answers of Flink', tried.because === 'none' ? 'away' : tried.because, tried.reason);
    return undefined;
  }

  /** The answer as it came. */
  async keep(path: string): Promise<unknown> {
    const tried = await this.#ask(path);
    return this.#kept(path, tried);
  }

  /** The same for several, some at a time. */
  async keepAll(paths: readonly string[]): Promise<void> {
    for (let from = 0; from < paths.length; from += atOnce) {
      const some = paths.slice(from, from + atOnce);
      const tried = await Promise.all(some.map((path) => this.#ask(path)));
      for (const [index, path] of some.entries()) await this.#kept(path, tried[index]);
    }
  }

  tellUnasked(): void {
    if (this.#unasked === 0) return;
    const [because, reason] = this.#isSilent
      ? (['away', 'Flink did not answer any longer.'] as const)
      : (['timed-out', 'The others took too long.'] as const);
    this.#collector.leaveOut(`${this.#unasked} more answers of Flink`, because, reason);
  }

  /** Undefined: it was not asked for. */
  async #ask(path: string): Promise<Tried<unknown> | undefined> {
    if (this.#isSilent || this.#collector.clock.monotonic() > this.#end) {
      this.#unasked += 1;
      return undefined;
    }
    return await this.#collector.trying(answerMs, (signal) => this.#read(path, signal));
  }

  async #kept(path: string, tried: Tried<unknown> | undefined): Promise<unknown> {
    if (tried === undefined) return undefined;
    const what = `Answer of Flink to ${path}`;
    if ('because' in tried) {
      if (tried.because !== 'none') this.#isSilent ||= await this.#hearsNothing();
      this.#collector.leaveOut(what, tried.because, tried.reason);
      return undefined;
    }
    const content = jsonText(maskedData(tried.value, (text) => maskText(text)));
    const place = path.split('/').map(fileWord).join('/');
    await this.#collector.add(what, { path: `${bundlePlaces.rest}${place}.json`, content });
    return tried.value;
  }

  /** What cannot answer for one process may do so for the others. */
  async #hearsNothing(): Promise<boolean> {
    const again = await this.#collector.trying(answerMs, (signal) => this.#flink.answer('/overview', { signal }));
    return 'because' in again;
  }

  /** Flink lists the names of metrics, and gives the values of those that are named. */
  async #read(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#flink.answer(path, { signal });
    if (!path.endsWith('/metrics')) return answer;
    const values: unknown[] = [];
    for (const portion of metricQueries(each(answer, 'id'))) {
      const some = await this.#flink.answer(`${path}?get=${portion}`, { signal });
      if (Array.isArray(some)) values.push(...(some as readonly unknown[]));
    }
    return values;
  }
}
