import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFlinkClient } from '../../src/flink/client.ts';
import { newId } from '../../src/flink/ids.ts';
import { cachedName } from '../../src/flink/jar-cache.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { openJournal } from '../../src/session/journal.ts';
import type { Launch } from '../../src/session/launch.ts';
import { openLaunches } from '../../src/session/launches.ts';
import { createOperations } from '../../src/session/operations.ts';
import { json, restServer, skippingClock, type Reply, type Seen } from '../flink/rest-server.ts';
import { fakeCluster, fakeFlink, testStore } from '../support/fakes.ts';
import { jar } from '../support/jar.ts';
import { job, target } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

export const orders = job({ name: 'orders', id: '9f13c2'.padEnd(32, '0') });
const savepoint = 's3://savepoints/savepoint-9f13c2-1';

export interface StartedJob {
  readonly id: string;
  state: string;
  readonly jar: string;
  readonly request: { readonly savepointPath?: string; readonly programArgsList?: readonly string[]; readonly parallelism?: number };
}

/** A JobManager with one job that was started from here, as far as a restart sees it. */
export class JobManager {
  readonly jobs = new Map<string, StartedJob>();
  readonly jars: { readonly id: string; readonly name: string }[] = [];
  readonly stops: string[] = [];
  readonly requests: string[] = [];
  /** A savepoint lies in the folder of savepoints, where a pod can see it. */
  onDisk = false;
  /** In which state a job is once its jar runs, by the name of the jar. */
  fate: (jar: string) => string = () => 'RUNNING';
  /** The ids of the vertices in the plan of a jar. */
  plan: (jar: string) => readonly string[] = () => ['source', 'enrich'];

  answer({ method, path, body }: Seen): Reply {
    this.requests.push(`${method} ${path}`);
    const [, first = '', id = '', verb = '', last = ''] = path.replace(/\?.*/, '').split('/');
    if (first === 'jars') return this.#jars(method, id, verb, body);
    if (path === '/jobs/overview') return json({ jobs: [...this.jobs.values()].map((each) => this.#listed(each)) });
    const known = this.jobs.get(id);
    if (known === undefined) return json({ errors: [`org.apache.flink.runtime.rest.NotFoundException: Job ${id} not found`] }, 404);
    if (method === 'PATCH') {
      known.state = 'CANCELED';
      return json({}, 202);
    }
    if (verb === 'stop') return this.#stop(known, body);
    if (verb === 'savepoints')
      return this.stops.includes(last)
        ? json({ status: { id: 'COMPLETED' }, operation: { location: savepoint } })
        : json({ errors: ['org.apache.flink.runtime.rest.NotFoundException: There is no savepoint operation with this trigger'] }, 404);
    if (verb === 'checkpoints') return json({ errors: ['Checkpointing has not been enabled for this job'] }, 404);
    if (verb === 'exceptions')
      return json({
        exceptionHistory: { entries: [{ exceptionName: 'a.B', stacktrace: 'a.Broken: no field "price"\n\tat x', timestamp: 1 }] },
      });
    return json(this.#detail(known));
  }

  #stop(known: StartedJob, body: string): Reply {
    const { triggerId } = JSON.parse(body) as { readonly triggerId: string };
    if (!this.stops.includes(triggerId)) {
      if (known.state === 'FINISHED') return json({ errors: ['The job is not running.'] }, 409);
      this.stops.push(triggerId);
    }
    known.state = 'FINISHED';
    return json({ 'request-id': triggerId }, 202);
  }

  #jars(method: string, id: string, verb: string, body: string): Reply {
    if (id === 'upload') {
      const name = /filename="([^"]*)"/.exec(body)?.[1] ?? '';
      this.jars.push({ id: `${this.jars.length}_${name}`, name });
      return json({ filename: `/tmp/${this.jars.at(-1)?.id}`, status: 'success' });
    }
    if (method === 'GET') return json({ address: 'http://x', files: this.jars.map((file) => ({ ...file, uploaded: 1, entry: [] })) });
    const { name = '' } = this.jars.find((each) => each.id === decodeURIComponent(id)) ?? {};
    if (verb === 'plan') return json({ plan: { nodes: this.plan(name).map((vertex) => ({ id: vertex, parallelism: 2 })) } });
    const request = JSON.parse(body) as StartedJob['request'] & { readonly jobId: string };
    if (this.jobs.has(request.jobId)) return json({ errors: ['DuplicateJobSubmissionException: Job has already been submitted.'] }, 409);
    this.jobs.set(request.jobId, { id: request.jobId, state: this.fate(name), jar: name, request });
    return json({ jobid: request.jobId });
  }

  #listed({ id, state }: StartedJob): object {
    const times = { 'start-time': 1, 'end-time': -1, duration: 1, 'last-modification': 1 };
    return { jid: id, name: 'orders', state, ...times, tasks: { total: 2, running: 2 } };
  }

  #detail(known: StartedJob): object {
    const vertex = (name: string) => ({
      id: name,
      name,
      parallelism: 1,
      maxParallelism: 128,
      status: known.state,
      'start-time': 1,
      duration: 1,
      tasks: { RUNNING: 1 },
    });
    return { ...this.#listed(known), now: 1, timestamps: {}, vertices: ['source', 'enrich'].map(vertex), plan: { type: 'STREAMING' } };
  }
}

/** A session on this JobManager; several may share a folder, one after the other. */
export async function sessionOn(
  jobManager: JobManager,
  folder: string,
  before: (nth: number, session: { readonly end: () => void }) => 'cut' | 'cut after' | undefined = () => undefined,
  pieces: Pick<Parameters<typeof desk>[0] & object, 'front' | 'cluster'> = {},
): Promise<Desk & AsyncDisposable> {
  const end = new AbortController();
  let requests = 0;
  const server = await restServer((request) => {
    requests += 1;
    const how = before(requests, { end: () => end.abort() });
    if (how === 'cut') return 'cut';
    const reply = jobManager.answer(request);
    return how === 'cut after' ? 'cut' : reply;
  });
  const clock = skippingClock();
  const client = createFlinkClient({ router: fixedRoute(server.url), clock });
  const store = testStore(clock);
  const journal = openJournal({ folder, clock });
  const at = desk({
    store,
    clock,
    signal: end.signal,
    flink: fakeFlink(client),
    cluster: fakeCluster({
      findSavepoint: async () => (jobManager.onDisk ? { state: 'found', path: savepoint } : { state: 'unseen', reason: 'Nobody looks.' }),
    }),
    operations: createOperations({ store, journal, clock, signal: end.signal, target }),
    launches: openLaunches({ folder, clock }),
    cwd: folder,
    newId,
    ...pieces,
  });
  store.jobs(orders);
  return {
    ...at,
    store,
    async [Symbol.asyncDispose]() {
      end.abort();
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Two versions of a jar in the folder; the old one runs, and the folder remembers with what. */
export async function ordersRun(folder: string): Promise<JobManager> {
  const clock = skippingClock();
  writeFileSync(join(folder, 'orders-1.jar'), jar('com.example.Orders'));
  writeFileSync(join(folder, 'orders-2.jar'), jar('com.example.NewOrders'));
  const path = join(folder, 'orders-1.jar');
  const launch: Launch = {
    jar: { path, name: await cachedName(path) },
    entryClass: undefined,
    arguments: ['--topic', 'orders'],
    parallelism: 2,
    configuration: { 'state.backend': 'rocksdb' },
    allowNonRestoredState: false,
  };
  openLaunches({ folder, clock }).keep(orders.id, launch);
  const jobManager = new JobManager();
  jobManager.jars.push({ id: `0_${launch.jar.name}`, name: launch.jar.name });
  jobManager.jobs.set(orders.id, { id: orders.id, state: 'RUNNING', jar: launch.jar.name, request: {} });
  return jobManager;
}
