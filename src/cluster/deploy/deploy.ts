import { DEPLOYMENTS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import type { Clock } from '../../support/clock.ts';
import { asSentence, isAbort, isForbidden, isNotFound, Problem, sentence, toProblem } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import { createOrReplace, type Written } from './create-or-replace.ts';
import { defaultRetries, mayHaveHappened, retrying, type RetryOptions, type RetryPolicy } from '../model/retry.ts';
import { holds } from '../diff/live-differences.ts';
import type { ClusterObjects } from '../model/types.ts';

/** The steps of a deploy, for `--wait` and the attached mode. */
export type DeployStep =
  | { readonly kind: 'created' | 'replaced' | 'removed' | 'restored'; readonly what: string }
  | { readonly kind: 'retrying'; readonly what: string; readonly problem: Problem; readonly waitMs: number };

export interface DeployOptions {
  readonly kubernetes: Pick<KubernetesClient, 'get' | 'create' | 'replace' | 'delete'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly retries?: RetryPolicy;
  readonly report?: (step: DeployStep) => void;
}

/** How long the rollback may take after a failure or Ctrl+C. */
const undoTimeoutMs = 15_000;

/**
 * Creates the Deployment, then what belongs to it, with an owner reference to its uid. If something cannot be created, rolls back exactly
 * the objects of this run and rejects with a `Problem` that says so. A Deployment that existed before is never touched. Source:
 * `KubernetesClusterDescriptor.deployClusterInternal` and `Fabric8FlinkKubeClient.createJobManagerComponent`, Flink 2.3, except its
 * clean-up, which deletes any Deployment of that name.
 */
export async function deployCluster(objects: ClusterObjects, options: DeployOptions): Promise<{ readonly uid: string }> {
  const written: Written[] = [];
  try {
    const deployment = await createDeployment(objects, options, (object) =>
      written.push({ what: named(DEPLOYMENTS, object), resource: DEPLOYMENTS, object, before: undefined }),
    );
    const owner = ownerOf(deployment);
    for (const { resource, body } of objects.owned) {
      const what = named(resource, body);
      const owned = { ...body, metadata: { ...body.metadata, ownerReferences: [owner] } };
      const result = await createOrReplace(
        { resource, namespace: objects.namespace, what, body: owned, ownerUid: owner.uid },
        options.kubernetes,
        retryOptions(options, what),
        (partial) => written.push(partial),
      );
      options.report?.({ kind: result.before === undefined ? 'created' : 'replaced', what });
    }
    return { uid: owner.uid };
  } catch (error) {
    const undone = await undo(written, objects, options);
    if (isAbort(error)) {
      if (undone === '') throw error;
      throw Object.assign(new DOMException(undone, 'AbortError'), { cause: error });
    }
    const problem = toProblem(error);
    throw new Problem(
      problem.kind,
      `Could not create Kubernetes cluster "${objects.clusterId}": ${asSentence(problem.message)}${undone === '' ? '' : ` ${undone}`}`,
      {
        cause: error,
        hint: problem.hint,
        status: problem.status,
      },
    );
  }
}

async function createDeployment(
  objects: ClusterObjects,
  options: DeployOptions,
  wrote: (deployment: KubernetesObject) => void,
): Promise<KubernetesObject> {
  const { clusterId, namespace, deployment } = objects;
  const { kubernetes, signal } = options;
  const what = named(DEPLOYMENTS, deployment);
  const address = { resource: DEPLOYMENTS, namespace, name: clusterId };
  const look = (each: AbortSignal) =>
    retrying(() => kubernetes.get(address, { signal: each }), { ...retryOptions(options, what), signal: each });
  // Looked up before the first POST: only then can an object whose creation went unanswered be distinguished from one that existed before.
  const absent = await isAbsent(look(signal), clusterId, namespace);
  let unanswered = false;
  try {
    const created = await retrying(
      async () => {
        try {
          return await kubernetes.create(DEPLOYMENTS, namespace, deployment, { signal });
        } catch (error) {
          if (!(error instanceof Problem) || error.kind !== 'conflict') {
            unanswered ||= isAbort(error) || (error instanceof Problem && mayHaveHappened(error));
            throw error;
          }
          const live = unanswered && absent ? await look(signal) : undefined;
          if (live !== undefined && holds(live, deployment)) return live;
          unanswered = false;
          throw existing(clusterId, namespace, error);
        }
      },
      retryOptions(options, what),
    );
    wrote(created);
    options.report?.({ kind: 'created', what });
    return created;
  } catch (error) {
    if (unanswered && absent) {
      using limit = timeLimit(undoTimeoutMs, undefined, options.clock);
      await claim(look(limit.signal), objects, wrote, error);
    }
    throw error;
  }
}

/** True: there is none. False: the user may not look. Rejects if there is one. */
async function isAbsent(looking: Promise<KubernetesObject>, clusterId: string, namespace: string): Promise<boolean> {
  try {
    await looking;
  } catch (error) {
    if (isNotFound(error)) return true;
    if (isForbidden(error)) return false;
    throw error;
  }
  throw existing(clusterId, namespace);
}

/**
 * For a creation that was given up without an answer: if the object exists nevertheless, it belongs to this run and is rolled back with the
 * rest.
 */
async function claim(
  looking: Promise<KubernetesObject>,
  { clusterId, namespace, deployment }: ClusterObjects,
  wrote: (deployment: KubernetesObject) => void,
  reason: unknown,
): Promise<void> {
  try {
    const live = await looking;
    if (holds(live, deployment)) wrote(live);
  } catch (error) {
    if (isNotFound(error)) return;
    throw new Problem('unreachable', `${asSentence(sentence(reason))} It is not known whether Deployment ${clusterId} was created.`, {
      hint: `kubectl get deployment ${clusterId} -n ${namespace} shows it once the API server answers.`,
      cause: error,
    });
  }
}

const existing = (clusterId: string, namespace: string, cause?: unknown): Problem =>
  new Problem('conflict', `Deployment ${clusterId} already exists in namespace ${namespace}; it was left alone.`, {
    hint: `drey attach ${clusterId} attaches to it, drey kill ${clusterId} deletes it.`,
    status: 409,
    cause,
  });

/** Source: `Fabric8FlinkKubeClient.setOwnerReference`, Flink 2.3. */
function ownerOf(deployment: KubernetesObject) {
  const { name, uid } = deployment.metadata ?? {};
  if (name === undefined || uid === undefined)
    throw new Problem('protocol', 'The API server created the Deployment without giving it a uid.');
  return { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true };
}

/** Rolls back what this run wrote, and returns the outcome as a sentence. Empty if there was nothing. */
async function undo(
  written: readonly Written[],
  { clusterId, namespace }: ClusterObjects,
  { kubernetes, clock, report }: DeployOptions,
): Promise<string> {
  if (written.length === 0) return '';
  using limit = timeLimit(undoTimeoutMs, undefined, clock);
  const { signal } = limit;
  const left: string[] = [];
  // Replaced objects get their old state back first: deleting the Deployment would delete them.
  for (const { what, resource, object, before } of written.toReversed()) {
    const name = object.metadata?.name ?? '';
    const address = { resource, namespace, name };
    try {
      if (before !== undefined) {
        const current = await kubernetes.get(address, { signal });
        await kubernetes.replace(address, { ...before, metadata: { ...before.metadata, ...versionOf(current) } }, { signal });
        report?.({ kind: 'restored', what });
      } else if (resource === DEPLOYMENTS) {
        const uid = object.metadata?.uid;
        await kubernetes.delete(address, { propagation: 'Background', signal, uid });
        report?.({ kind: 'removed', what });
      }
    } catch (error) {
      if (!isNotFound(error)) left.push(`${what} (${isAbort(error) ? `no answer within ${undoTimeoutMs / 1_000} s` : sentence(error)})`);
    }
  }
  if (left.length > 0)
    return `Not everything that this run made could be taken back: ${left.join(', ')}. Remove it with: kubectl delete deployment ${clusterId} -n ${namespace}`;
  const created = written.filter((each) => each.before === undefined).map((each) => each.what);
  const replaced = written.filter((each) => each.before !== undefined).map((each) => each.what);
  return [
    created.length > 0 ? `What this run had created was removed again: ${created.join(', ')}.` : '',
    replaced.length > 0 ? `What it had replaced is as before: ${replaced.join(', ')}.` : '',
  ]
    .filter((each) => each !== '')
    .join(' ');
}

const versionOf = ({ metadata }: KubernetesObject) =>
  metadata?.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion };

function retryOptions({ clock, signal, retries = defaultRetries, report }: DeployOptions, what: string): RetryOptions {
  return { clock, signal, policy: retries, waiting: (problem, waitMs) => report?.({ kind: 'retrying', what, problem, waitMs }) };
}

/** `Service c1-rest`. */
const named = (resource: ResourceType, body: KubernetesObject): string => `${resource.kind} ${body.metadata?.name ?? ''}`;
