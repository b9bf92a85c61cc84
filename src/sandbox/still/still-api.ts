import { openAccess } from '../api/access.ts';
import { ApiServer } from '../api/api-server.ts';
import type { Call } from '../api/call.ts';
import { deletion } from '../api/deletion.ts';
import { textOf, type ApiObject } from '../api/objects.ts';
import { apiVersion, RESOURCES } from '../api/resources.ts';
import { ApiError, badRequest } from '../api/status.ts';
import { ObjectStore } from '../api/store.ts';
import type { Target } from '../api/target.ts';
import { sandboxClock, type SandboxClock } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { PROXIED } from '../network/service-proxy.ts';
import { containerLog } from '../pods/container-log.ts';
import { containerOf, serveLog } from '../pods/serve-log.ts';
import { type Still, unchangeable } from './still.ts';

/** Questions that are sent as if they created something. */
const QUESTIONS = /^\/apis\/(?:authorization|authentication)\.k8s\.io\//;
const CHANGING = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** The API server of a still, which answers questions and changes nothing. */
export function stillApi(still: Still, serveRest: (call: Call) => void): { readonly handle: (call: Call) => Promise<void> } & Disposable {
  const real = sandboxClock(1);
  const clock: SandboxClock = { ...real, now: () => still.at };
  const random = seededRandom(1);
  const store = new ObjectStore({ random, now: clock.now });
  for (const object of still.objects) restore(store, object as unknown as ApiObject);
  const access = openAccess();
  for (const verb of CHANGING) access.deny({ verb });
  const server = new ApiServer({
    store,
    clock,
    random,
    access,
    deletion: deletion(store, clock),
    bookmarksOn: () => true,
    onExpire: () => () => {},
    serviceProxy: (call) => serveRest({ ...call, path: call.path.replace(PROXIED, '') || '/' }),
    podSubresource: (call, target, pod) => serveRecordedLog(still, call, target, pod),
  });
  return {
    async handle(call) {
      if (call.method !== 'GET' && call.method !== 'HEAD' && !QUESTIONS.test(call.path)) throw new ApiError(403, 'Forbidden', unchangeable);
      // The sandbox makes these figures up.
      if (call.path.startsWith('/apis/metrics.k8s.io/')) throw new ApiError(404, 'NotFound', 'what pods use was not recorded');
      return server.handle(call);
    },
    [Symbol.dispose]: () => real[Symbol.dispose](),
  };
}

function restore(store: ObjectStore, object: ApiObject): void {
  const resource = RESOURCES.find((known) => known.kind === object.kind && apiVersion(known) === object.apiVersion);
  if (resource !== undefined && textOf(object.metadata, 'name') !== undefined) store.restore(resource, object);
}

async function serveRecordedLog({ logOf, at }: Still, call: Call, { subresource }: Target, pod: ApiObject): Promise<void> {
  if (subresource !== 'log') throw new ApiError(403, 'Forbidden', unchangeable);
  const container = containerOf(pod, call.query.get('container') ?? undefined);
  const lines = call.query.get('previous') === 'true' ? undefined : await logOf(pod.metadata.uid, container);
  if (lines === undefined) throw badRequest(`the log of container "${container}" in pod "${pod.metadata.name}" was not recorded`);
  const log = containerLog(() => at);
  for (const line of lines) log.write(line.text, line.at);
  log.end();
  const logs = { begin: () => log, current: () => log, previous: () => undefined, forget: () => {} };
  serveLog(call, pod, { logs, opened: () => () => {}, repeated: () => 0, now: () => at });
}
