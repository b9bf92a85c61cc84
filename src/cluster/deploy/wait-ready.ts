import { DEPLOYMENTS, EVENTS, PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, WatchSink } from '../../kubernetes/model/types.ts';
import { adviceFor } from '../../causes/rules.ts';
import { jobManagerSelector } from '../../native/names.ts';
import type { DeploymentObject, EventObject, PodObject } from '../../native/objects.ts';
import type { Clock } from '../../support/clock.ts';
import { formatDuration } from '../../support/format.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { lifetime, within } from '../../support/waiting.ts';
import type { Crash } from '../../causes/last-words.ts';
import { readCrash } from '../pods/crash.ts';
import { isReady } from '../endpoint/job-manager-pod.ts';
import { milestones, type Obstacle, obstacle, type Seen } from './wait-state.ts';

/** News on the way to ready, one sentence each; `bad` marks an obstacle. */
export interface WaitStep {
  readonly kind: 'good' | 'bad';
  readonly text: string;
}

export interface WaitOptions {
  readonly kubernetes: Pick<KubernetesClient, 'listAndWatch' | 'followLog'>;
  readonly clusterId: string;
  readonly namespace: string;
  /** Sends a request to the REST endpoint; resolves once it has answered. */
  readonly answers: (signal: AbortSignal) => Promise<unknown>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (step: WaitStep) => void;
}

/** How long to wait behind an obstacle that rarely passes (an image that cannot be pulled). */
const patienceMs = 20_000;
/** Between requests to a REST endpoint whose pod is running. */
const askAgainMs = 500;
/** Without news, check the time this often. */
const idleMs = 5000;

/**
 * Waits until the cluster's REST endpoint answers. Rejects with a `Problem` that says why it does not, as soon as that is certain or the
 * time is up; with an `AbortError` on Ctrl+C. The cluster is never changed.
 */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const { clusterId, clock, timeoutMs } = options;
  const started = clock.monotonic();
  const { signal, end } = lifetime(options.signal);
  const scene = observe(options, signal);
  const told = new Set<string>();
  const tell = (kind: WaitStep['kind'], text: string) => {
    // A sentence that only differs in its seconds is not news, and neither is a reason in other words around it.
    if (told.has(timeless(text)) || (kind === 'bad' && [...told].some((earlier) => timeless(text).endsWith(reasonIn(earlier))))) return;
    told.add(timeless(text));
    options.report({ kind, text });
  };
  let standing: { readonly what: string; readonly since: number } | undefined;
  let silence: string | undefined;
  try {
    for (;;) {
      options.signal.throwIfAborted();
      const news = scene.news();
      const { seen } = scene;
      if (seen.deleted) throw new Problem('failed', `Cluster ${clusterId} was deleted while it started.`);
      for (const { text } of milestones(seen)) tell('good', `${text}.`);

      const trouble = obstacle(seen, clusterId, clock.now());
      if (trouble === undefined || trouble.verdict === 'usual') standing = undefined;
      else {
        if (standing?.what !== trouble.what) standing = { what: trouble.what, since: clock.monotonic() };
        tell('bad', `${trouble.text}.`);
        const given = trouble.verdict === 'fatal' || (trouble.verdict === 'stubborn' && clock.monotonic() - standing.since >= patienceMs);
        if (given) throw await failure(trouble, options, `Cluster ${clusterId} cannot start.`);
      }

      const ready = [...seen.pods.values()].some(isReady);
      if (ready) {
        silence = await unanswered(options);
        if (silence === undefined) {
          tell('good', 'The REST endpoint answers.');
          return;
        }
        tell('good', 'Waiting for the REST endpoint.');
      }
      const left = timeoutMs - (clock.monotonic() - started);
      if (left <= 0) {
        const still = `Cluster ${clusterId} is not ready after ${formatDuration(timeoutMs)}; it is still starting.`;
        if (trouble !== undefined && (silence === undefined || trouble.verdict !== 'usual')) throw await failure(trouble, options, still);
        throw new Problem('failed', silence === undefined ? still : `${still} ${silence}`);
      }
      await within(Math.min(left, ready ? askAgainMs : standing === undefined ? idleMs : 1000), { clock, signal }, () => news);
    }
  } finally {
    end();
    await scene.ended;
  }
}

/** What follows the pod and its state: the kubelet repeats it while it waits to try again (`ImagePullBackOff: Back-off …: ErrImagePull: …`). */
const reasonIn = (text: string): string => text.replace(/^Pod [^:]+: \w+: /, ': ');

const timeless = (text: string): string => text.replace(/\d+(\.\d+)?(ms|s|m|h)\b/g, '#');

async function unanswered({ answers, signal }: WaitOptions): Promise<string | undefined> {
  try {
    await answers(signal);
    return undefined;
  } catch (error) {
    if (isAbort(error)) throw error;
    return sentence(error);
  }
}

async function failure(trouble: Obstacle, { kubernetes, namespace, signal }: WaitOptions, headline: string): Promise<Problem> {
  const crash: Crash | undefined =
    trouble.crashed === undefined
      ? undefined
      : await readCrash(
          kubernetes,
          {
            namespace,
            name: trouble.crashed.pod,
            previous: trouble.crashed.previous,
            container: trouble.crashed.container,
          },
          signal,
        );
  const reason = crash?.reason === undefined ? '' : ` Its log says: ${crash.reason}.`;
  const lines =
    crash === undefined || crash.lastLines.length === 0
      ? ''
      : `\nLast lines of its log:\n${crash.lastLines.map((line) => `  ${line}`).join('\n')}`;
  const advice = [...(crash?.reason === undefined ? [] : adviceFor(crash.reason, 'jobmanager')), ...trouble.advice];
  const hint = advice[0] === undefined ? undefined : `What helps: ${advice[0]}`;
  return new Problem('failed', `${headline} ${trouble.text}.${reason}${lines}`, {
    hint: hint === undefined ? undefined : `${lines === '' ? '' : '\n'}${hint}`,
  });
}

interface Scene {
  readonly seen: Seen;
  /** Resolves at the next change. */
  news(): Promise<void>;
  readonly ended: Promise<unknown>;
}

function observe({ kubernetes, clusterId, namespace }: WaitOptions, signal: AbortSignal): Scene {
  const pods = new Map<string, PodObject>();
  const events = new Map<string, EventObject>();
  let deployment: DeploymentObject | undefined;
  let deleted = false;
  let wake = Promise.withResolvers<void>();
  const changed = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const into = <T extends KubernetesObject>(map: Map<string, T>): WatchSink<T> => ({
    page(items, { first }) {
      if (first) map.clear();
      this.seen(items);
    },
    seen(items) {
      for (const item of items) map.set(item.metadata?.uid ?? item.metadata?.name ?? '', item);
      changed();
    },
    gone(items) {
      for (const item of items) map.delete(item.metadata?.uid ?? item.metadata?.name ?? '');
      changed();
    },
    // A lost watch comes back by itself; without the right to it, its part of the picture is missing.
    status: () => undefined,
  });
  const only: WatchSink<DeploymentObject> = {
    page(items, { last }) {
      this.seen(items);
      if (last && items.length === 0 && deployment !== undefined) this.gone([]);
    },
    seen(items) {
      deployment = items.at(-1) ?? deployment;
      changed();
    },
    gone() {
      deleted = true;
      changed();
    },
    status: () => undefined,
  };
  const ended = Promise.all([
    kubernetes.listAndWatch(
      PODS,
      { namespace, labelSelector: jobManagerSelector(clusterId), signal },
      (raw) => raw as PodObject,
      into(pods),
    ),
    kubernetes.listAndWatch(
      EVENTS,
      { namespace, fieldSelector: 'involvedObject.kind=Pod', signal },
      (raw) => raw as EventObject,
      into(events),
    ),
    kubernetes.listAndWatch(
      DEPLOYMENTS,
      { namespace, fieldSelector: `metadata.name=${clusterId}`, signal },
      (raw) => raw as DeploymentObject,
      only,
    ),
  ]);
  return {
    get seen() {
      const staying = [...pods].filter(([, pod]) => pod.metadata?.deletionTimestamp === undefined);
      return { pods: new Map(staying), events: [...events.values()], deployment, deleted };
    },
    news: () => wake.promise,
    ended,
  };
}
