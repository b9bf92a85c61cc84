import { SERVICES } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import type { ServiceObject } from '../../native/objects.ts';
import { isNotFound, Problem } from '../../support/problem.ts';
import { retrying, type RetryOptions } from '../model/retry.ts';

export interface Wanted {
  readonly resource: ResourceType;
  readonly namespace: string;
  /** For messages: `ConfigMap flink-config-c1`. */
  readonly what: string;
  readonly body: KubernetesObject;
  /** Uid of the Deployment of this run: an object with this owner was created by an earlier try. */
  readonly ownerUid: string;
}

/** An object that this run created (`before` undefined) or replaced. */
export interface Written {
  readonly what: string;
  readonly resource: ResourceType;
  readonly object: KubernetesObject;
  readonly before: KubernetesObject | undefined;
}

/** Source: `CreateOrReplaceHelper`, Fabric8 7.3. */
const conflictLimit = 10;
const conflictPauseMs = 1000;

/**
 * Creates the object, or replaces the one of the same name. Calls `wrote` as soon as something has changed on the server. A Service keeps
 * its cluster IP: the server refuses another one.
 */
export async function createOrReplace(
  wanted: Wanted,
  kubernetes: Pick<KubernetesClient, 'get' | 'create' | 'replace'>,
  retry: RetryOptions,
  wrote: (written: Written) => void,
): Promise<Written> {
  const { resource, namespace, what, body, ownerUid } = wanted;
  const { signal, clock } = retry;
  const address = { resource, namespace, name: body.metadata?.name ?? '' };
  const done = (object: KubernetesObject, before: KubernetesObject | undefined): Written => {
    const written = { what, resource, object, before };
    wrote(written);
    return written;
  };
  let before: KubernetesObject | undefined;
  for (let tries = 0; ; tries++) {
    try {
      return done(await retrying(() => kubernetes.create(resource, namespace, body, { signal }), retry), undefined);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    try {
      const live = await retrying(() => kubernetes.get(address, { signal }), retry);
      // The answer to an earlier try was lost.
      if (live.metadata?.ownerReferences?.some((owner) => owner.uid === ownerUid) === true) return done(live, before);
      before = live;
      return done(await retrying(() => kubernetes.replace(address, replacement(resource, body, live), { signal }), retry), live);
    } catch (error) {
      // Changed or deleted between the two requests: start over.
      if ((!isConflict(error) && !isNotFound(error)) || tries >= conflictLimit) throw error;
      await clock.sleep(conflictPauseMs, signal);
    }
  }
}

function replacement(resource: ResourceType, body: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const { resourceVersion } = live.metadata ?? {};
  const versioned = { ...body, metadata: { ...body.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) } };
  const clusterIP = resource === SERVICES ? (live as ServiceObject).spec?.clusterIP : undefined;
  return clusterIP === undefined ? versioned : ({ ...versioned, spec: { ...(body as ServiceObject).spec, clusterIP } } as KubernetesObject);
}

const isConflict = (error: unknown): boolean => error instanceof Problem && error.kind === 'conflict';
