import { recordOf, recordsOf, type ApiObject, type Labels } from '../api/objects.ts';
import { PODS, SERVICES } from '../api/resources.ts';
import type { Target } from '../api/target.ts';
import { matchesLabels } from '../api/selectors.ts';
import { ApiError, badRequest, notFound } from '../api/status.ts';
import type { ObjectStore } from '../api/store.ts';
import type { Call } from '../api/call.ts';
import { isReady } from '../pods/pod-status.ts';
import type { PodNetwork } from './pod-network.ts';

/** The path of a request to be passed on. */
export const PROXIED = /^\/api\/v1\/namespaces\/[^/]+\/services\/[^/]+\/proxy(?=\/|$)/;

/** Passes `…/services/NAME:PORT/proxy/PATH` on to a ready pod of the service as `PATH`. Throws `ApiError` as the API server does. */
export function serveServiceProxy(
  { store, network }: { readonly store: ObjectStore; readonly network: PodNetwork },
  call: Call,
  { namespace, name = '' }: Target,
): void {
  const [service = '', wanted] = name.split(':');
  const found = store.get(SERVICES, namespace, service);
  if (found === undefined) throw notFound(SERVICES, service);
  const ports = recordsOf(found['spec'], 'ports');
  const port =
    wanted === undefined
      ? ports.length === 1
        ? ports[0]
        : undefined
      : ports.find((each) => each['name'] === wanted || String(each['port']) === wanted);
  const pod = port === undefined ? undefined : readyPod(store, found);
  if (port === undefined || pod === undefined)
    throw new ApiError(
      503,
      'ServiceUnavailable',
      `${port === undefined ? 'no service port' : 'no endpoints available for service'} "${port === undefined ? (wanted ?? '') : name}"`,
    );
  const refusal = network.serve(pod, Number(port['targetPort'] ?? port['port']), { ...call, path: call.path.replace(PROXIED, '') || '/' });
  if (refusal !== undefined) throw badRequest(`error trying to reach service: ${refusal}`);
}

function readyPod(store: ObjectStore, service: ApiObject): ApiObject | undefined {
  const selector = recordOf(service['spec'], 'selector') as Labels;
  return store.list(PODS, service.metadata.namespace).find((one) => matchesLabels(selector, one.metadata.labels) && isReady(one));
}
