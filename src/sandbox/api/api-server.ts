import type { Random } from '../base/random.ts';
import { bodyOf, sendJson, type Call, type Handshake } from './call.ts';
import type { Access } from './access.ts';
import type { Deletion, DeleteRequest } from './deletion.ts';
import { discovery } from './discovery.ts';
import { listOf, lists, type Lists } from './lists.ts';
import { isRecord, numberOf, recordOf, textOf, type ApiObject } from './objects.ts';
import { patchType } from './patches.ts';
import { PROTOBUF, reviewFromProtobuf } from './protobuf-review.ts';
import { podMetrics } from './pod-metrics.ts';
import { fieldTest, labelTest } from './selectors.ts';
import { SERVICES } from './resources.ts';
import { ApiError, badRequest, noRoute, notFound, statusOf } from './status.ts';
import { targetOf, verbOf, type Target } from './target.ts';
import { tableOf } from './tables.ts';
import { serveWatch, type WatchServices } from './watches.ts';
import { writes } from './writes.ts';

const ACCESS_REVIEWS = /^\/apis\/authorization\.k8s\.io\/v1\/((self)?subjectaccessreviews|namespaces\/[^/]+\/localsubjectaccessreviews)$/;

export interface ApiServices extends WatchServices {
  readonly random: Random;
  readonly access: Access;
  readonly deletion: Deletion;
  /** `log`, `exec`, `portforward`, `eviction` of a pod that exists. */
  readonly podSubresource: (call: Call, target: Target, pod: ApiObject) => Promise<void>;
  /** `…/services/NAME:PORT/proxy/…`. */
  readonly serviceProxy: (call: Call, target: Target) => void;
}

export class ApiServer {
  readonly lists: Lists;
  readonly #services: ApiServices;
  readonly #writes: ReturnType<typeof writes>;

  constructor(services: ApiServices) {
    this.#services = services;
    this.lists = lists(services.store, services.random);
    this.#writes = writes(services.store, services.random);
  }

  async handle(call: Call): Promise<void> {
    try {
      await this.#answer(call);
    } catch (error) {
      // Anything but an `ApiError` is a defect of the sandbox: a 500.
      const known =
        error instanceof ApiError
          ? error
          : new ApiError(
              500,
              'InternalError',
              `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
            );
      sendJson(call.response, known.code, statusOf(known));
    }
  }

  /** Authenticates and authorizes a request; upgraded connections come here first. Throws `ApiError`. */
  admit(call: Handshake): Target | undefined {
    const { access } = this.#services;
    access.authenticate(call.request);
    const target = targetOf(call.path);
    if (target === undefined) return undefined;
    const watch = call.query.get('watch') === 'true' || call.query.get('watch') === '1';
    access.authorize({
      verb: verbOf(call.method, target, watch),
      group: target.resource.group,
      resource: target.resource.plural,
      subresource: target.subresource,
      namespace: target.namespace ?? '',
      name: target.name ?? '',
    });
    return target;
  }

  #read(call: Call, target: Target): void {
    const { store, clock } = this.#services;
    const { resource, namespace, name } = target;
    const asTable = (call.request.headers.accept ?? '').includes('as=Table');
    const field = fieldTest(call.query.get('fieldSelector') ?? undefined);
    const label = labelTest(call.query.get('labelSelector') ?? undefined);
    const test = (object: ApiObject): boolean => label(object) && field(object);
    if (name !== undefined) {
      const object = store.get(resource, namespace, name);
      if (object === undefined) throw notFound(resource, name);
      if (target.subresource === 'scale') return sendJson(call.response, 200, scaleOf(object));
      return sendJson(call.response, 200, asTable ? tableOf(resource, [object], { now: clock.now(), head: true }) : object);
    }
    const watch = call.query.get('watch');
    if (watch === 'true' || watch === '1') {
      const timeout = Number(call.query.get('timeoutSeconds') ?? '0');
      return serveWatch(
        {
          resource,
          namespace,
          test,
          asTable,
          resourceVersion: call.query.get('resourceVersion') ?? undefined,
          bookmarks: call.query.get('allowWatchBookmarks') === 'true',
          initialEvents: call.query.get('sendInitialEvents') === 'true',
          timeoutSeconds: timeout > 0 ? timeout : undefined,
        },
        call.response,
        this.#services,
      );
    }
    const page = this.lists.page({
      resource,
      namespace,
      test,
      limit: Number(call.query.get('limit') ?? '0'),
      continueToken: call.query.get('continue') || undefined,
    });
    sendJson(
      call.response,
      200,
      asTable ? tableOf(resource, page.items, { now: clock.now(), head: true, metadata: page.metadata }) : listOf(resource, page),
    );
  }

  async #remove(call: Call, { resource, namespace, name }: Target): Promise<void> {
    const { store, deletion } = this.#services;
    const request = deleteRequest(await parsedBody(call), call.query);
    if (name === undefined) {
      const test = labelTest(call.query.get('labelSelector') ?? undefined);
      const field = fieldTest(call.query.get('fieldSelector') ?? undefined);
      const items = store.list(resource, namespace).filter((object) => test(object) && field(object));
      for (const { metadata } of items) deletion.delete(resource, metadata.namespace, metadata.name, request);
      return sendJson(call.response, 200, listOf(resource, { items, metadata: { resourceVersion: String(store.version()) } }));
    }
    const { object, gone } = deletion.delete(resource, namespace, name, request);
    if (!gone) return sendJson(call.response, 200, object);
    sendJson(call.response, 200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid: object.metadata.uid },
    });
  }

  async #answer(call: Call): Promise<void> {
    const target = this.admit(call);
    if (target === undefined) return this.#other(call);
    const { resource, namespace, name, subresource } = target;
    const dryRun = call.query.has('dryRun');
    const written = { ...target, name: name ?? '' };
    if (resource === SERVICES && subresource === 'proxy') return this.#services.serviceProxy(call, target);
    if (name !== undefined && subresource !== '' && !['status', 'scale'].includes(subresource)) {
      const pod = this.#services.store.get(resource, namespace, name);
      if (pod === undefined) throw notFound(resource, name);
      if (!resource.subresources.includes(subresource)) throw noRoute();
      return this.#services.podSubresource(call, target, pod);
    }
    switch (call.method) {
      case 'GET':
      case 'HEAD':
        return this.#read(call, target);
      case 'POST':
        return sendJson(call.response, 201, this.#writes.create(written, await parsedBody(call), dryRun));
      case 'PUT': {
        const object = this.#writes.replace(written, await parsedBody(call), dryRun);
        return sendJson(call.response, 200, subresource === 'scale' ? scaleOf(object) : object);
      }
      case 'PATCH': {
        const type = patchType(call.request.headers['content-type'] ?? '');
        const object = this.#writes.patch(written, await parsedBody(call, type === 'apply'), { type, dryRun });
        return sendJson(call.response, 200, subresource === 'scale' ? scaleOf(object) : object);
      }
      case 'DELETE':
        return this.#remove(call, target);
      default:
        throw new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    }
  }

  async #other(call: Call): Promise<void> {
    const { access, store, clock } = this.#services;
    if (call.path === '/apis/authentication.k8s.io/v1/selfsubjectreviews' && call.method === 'POST')
      return sendJson(call.response, 201, access.whoAmI(await parsedBody(call)));
    if (ACCESS_REVIEWS.test(call.path) && call.method === 'POST') {
      const packed = (call.request.headers['content-type'] ?? '').startsWith(PROTOBUF);
      return sendJson(call.response, 201, access.review(packed ? reviewFromProtobuf(await bodyOf(call.request)) : await parsedBody(call)));
    }
    const metrics = podMetrics(call.path, call.query, store, clock.now());
    if (metrics !== undefined) return sendJson(call.response, 200, metrics);
    const document = call.method === 'GET' ? discovery(call.path) : undefined;
    if (document === undefined) throw noRoute();
    sendJson(call.response, 200, document);
  }
}

async function parsedBody(call: Call, yaml = false): Promise<unknown> {
  const text = (await bodyOf(call.request)).toString('utf8');
  if (text === '') return undefined;
  if ((call.request.headers['content-type'] ?? '').startsWith(PROTOBUF))
    throw new ApiError(415, 'UnsupportedMediaType', 'the sandbox reads JSON and YAML');
  try {
    if (!yaml && !(call.request.headers['content-type'] ?? '').includes('yaml')) return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function deleteRequest(body: unknown, query: URLSearchParams): DeleteRequest {
  const propagation = textOf(body, 'propagationPolicy') ?? query.get('propagationPolicy') ?? undefined;
  const grace =
    numberOf(body, 'gracePeriodSeconds') ?? (query.has('gracePeriodSeconds') ? Number(query.get('gracePeriodSeconds')) : undefined);
  const uid = isRecord(body) ? textOf(recordOf(body, 'preconditions'), 'uid') : undefined;
  if (propagation !== undefined && propagation !== 'Background' && propagation !== 'Foreground' && propagation !== 'Orphan') {
    throw badRequest(`invalid propagation policy: ${propagation}`);
  }
  return {
    dryRun: query.has('dryRun') || (isRecord(body) && Array.isArray(body['dryRun']) && body['dryRun'].length > 0),
    ...(propagation === undefined ? {} : { propagation }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(uid === undefined ? {} : { uid }),
  };
}

const scaleOf = (object: ApiObject): Record<string, unknown> => ({
  kind: 'Scale',
  apiVersion: 'autoscaling/v1',
  metadata: {
    name: object.metadata.name,
    namespace: object.metadata.namespace,
    uid: object.metadata.uid,
    resourceVersion: object.metadata.resourceVersion,
    creationTimestamp: object.metadata.creationTimestamp,
  },
  spec: { replicas: numberOf(object['spec'], 'replicas') ?? 1 },
  status: { replicas: numberOf(object['status'], 'replicas') ?? 0 },
});
