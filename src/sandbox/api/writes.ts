import { isRecord, numberOf, recordOf, recordsOf, textOf, type ApiObject, type Draft, type JsonObject } from './objects.ts';
import { patched, type PatchType } from './patches.ts';
import { apiVersion, CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, NODES, PODS, type Resource, SECRETS, SERVICES } from './resources.ts';
import type { Random } from '../base/random.ts';
import { badRequest, invalid, notFound } from './status.ts';
import type { ObjectStore } from './store.ts';
import type { Target } from './target.ts';

/** The object to write; its name is empty until it has one. */
export type WriteTarget = Target & { readonly name: string };

/** Validates and completes written objects as the real server's admission and defaulting do, as far as Flink's objects need it. */
export interface Writes {
  create(target: WriteTarget, body: unknown, dryRun: boolean): ApiObject;
  replace(target: WriteTarget, body: unknown, dryRun: boolean): ApiObject;
  patch(target: WriteTarget, body: unknown, how: { readonly type: PatchType; readonly dryRun: boolean }): ApiObject;
}

export function writes(store: ObjectStore, random: Random): Writes {
  const nodePort = (): number => {
    const used = new Set(store.list(SERVICES).flatMap((service) => recordsOf(service['spec'], 'ports').map((port) => port['nodePort'])));
    let port = random.between(30_000, 32_767);
    while (used.has(port)) port = random.between(30_000, 32_767);
    return port;
  };

  const draftOf = (of: Resource, body: unknown): Draft => {
    if (!isRecord(body)) throw badRequest('the request body is not an object');
    const kind = textOf(body, 'kind') ?? of.kind;
    const version = textOf(body, 'apiVersion') ?? apiVersion(of);
    if (kind !== of.kind || version !== apiVersion(of)) {
      throw badRequest(
        `the object provided is unrecognized (must be of type ${of.kind}): no kind "${kind}" is registered for version "${version}"`,
      );
    }
    return { ...body, kind, apiVersion: version, metadata: recordOf(body, 'metadata') };
  };

  const write = (of: Resource, object: ApiObject, expected: string | undefined, dryRun: boolean): ApiObject => {
    check(of, object);
    if (!dryRun) return store.update(of, object, expected);
    return object;
  };

  return {
    create({ resource: of, namespace }, body, dryRun) {
      const draft = draftOf(of, body);
      const name = draft.metadata.name ?? '';
      if (of.namespaced && store.get(NAMESPACES, undefined, namespace ?? 'default') === undefined)
        throw notFound(NAMESPACES, namespace ?? 'default');
      if (draft.metadata.namespace !== undefined && of.namespaced && draft.metadata.namespace !== namespace) {
        throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
      }
      if (name === '' && draft.metadata.generateName === undefined)
        throw invalid(of, '', 'metadata.name', 'FieldValueRequired', 'Required value: name or generateName is required');
      const complete = {
        ...draft,
        ...defaulted(of, draft, { nodePort, address: () => `10.96.${random.between(0, 255)}.${random.between(2, 254)}` }),
      };
      check(of, complete);
      if (dryRun)
        return {
          ...complete,
          metadata: { ...complete.metadata, name, uid: random.uuid(), resourceVersion: '', creationTimestamp: new Date().toISOString() },
        };
      return store.create(of, namespace, complete);
    },
    replace({ resource: of, namespace, name, subresource }, body, dryRun) {
      const draft = draftOf(of, body);
      const before = store.get(of, namespace, name);
      if (before === undefined) throw notFound(of, name);
      if (draft.metadata.name !== undefined && draft.metadata.name !== name)
        throw badRequest(`the name of the object (${draft.metadata.name}) does not match the name on the URL (${name})`);
      const wanted: ApiObject =
        subresource === 'scale'
          ? scaled(before, body)
          : { ...draft, metadata: { ...before.metadata, ...draft.metadata, name, creationTimestamp: before.metadata.creationTimestamp } };
      return write(of, onlyPart(before, wanted, subresource), draft.metadata.resourceVersion, dryRun);
    },
    patch(target, body, { type, dryRun }) {
      const { resource: of, namespace, name, subresource } = target;
      const before = store.get(of, namespace, name);
      if (before === undefined) {
        if (type === 'apply') return this.create(target, body, dryRun);
        throw notFound(of, name);
      }
      const result = patched(before, body, type);
      const expected = isRecord(body) ? textOf(recordOf(body, 'metadata'), 'resourceVersion') : undefined;
      const metadata = {
        ...before.metadata,
        ...recordOf(result, 'metadata'),
        name,
        uid: before.metadata.uid,
        creationTimestamp: before.metadata.creationTimestamp,
      };
      const wanted =
        subresource === 'scale' ? scaled(before, result) : { ...result, apiVersion: before.apiVersion, kind: before.kind, metadata };
      return write(of, onlyPart(before, wanted, subresource), expected, dryRun);
    },
  };
}

function scaled(before: ApiObject, body: unknown): ApiObject {
  return { ...before, spec: { ...recordOf(before, 'spec'), replicas: numberOf(recordOf(body, 'spec'), 'replicas') ?? 1 } };
}

/** A write to `/status` changes only the status, any other write everything else. */
function onlyPart(before: ApiObject, wanted: ApiObject, subresource: string): ApiObject {
  if (subresource === 'status') return { ...before, status: wanted['status'] };
  return before['status'] === undefined ? wanted : { ...wanted, status: before['status'] };
}

const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

function check(of: Resource, object: Draft): void {
  const name = object.metadata.name ?? 'x';
  const shown = `Invalid value: "${name}"`;
  if (of === SERVICES ? !SERVICE_NAME.test(name) || name.length > 63 : !DNS_NAME.test(name) || name.length > 253) {
    const rule =
      of === SERVICES
        ? `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`
        : `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
    throw invalid(of, name, 'metadata.name', 'FieldValueInvalid', `${shown}: ${rule}`);
  }
  if (of !== DEPLOYMENTS) return;
  const spec = object['spec'];
  const replicas = numberOf(spec, 'replicas');
  if (replicas !== undefined && replicas < 0)
    throw invalid(of, name, 'spec.replicas', 'FieldValueInvalid', `Invalid value: ${replicas}: must be greater than or equal to 0`);
  const template = recordOf(spec, 'template');
  if (recordsOf(recordOf(template, 'spec'), 'containers').length === 0)
    throw invalid(of, name, 'spec.template.spec.containers', 'FieldValueRequired', 'Required value');
  const selector = recordOf(recordOf(spec, 'selector'), 'matchLabels');
  const labels = recordOf(recordOf(template, 'metadata'), 'labels');
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
    throw invalid(
      of,
      name,
      'spec.template.metadata.labels',
      'FieldValueInvalid',
      `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
    );
  }
}

interface Supply {
  readonly nodePort: () => number;
  readonly address: () => string;
}

function defaulted(of: Resource, draft: Draft, supply: Supply): JsonObject {
  const spec = recordOf(draft, 'spec');
  switch (of) {
    case SERVICES: {
      const type = textOf(spec, 'type') ?? 'ClusterIP';
      const clusterIP = textOf(spec, 'clusterIP') ?? (type === 'ExternalName' ? undefined : supply.address());
      const ports = recordsOf(spec, 'ports').map((port) => ({
        protocol: 'TCP',
        targetPort: port['port'],
        ...port,
        ...(type !== 'NodePort' && type !== 'LoadBalancer' ? {} : { nodePort: port['nodePort'] ?? supply.nodePort() }),
      }));
      return {
        spec: {
          sessionAffinity: 'None',
          internalTrafficPolicy: 'Cluster',
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          ...spec,
          type,
          ports,
          ...(clusterIP === undefined ? {} : { clusterIP, clusterIPs: [clusterIP] }),
        },
        status: { loadBalancer: {} },
      };
    }
    case DEPLOYMENTS:
      return {
        spec: {
          replicas: 1,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
          revisionHistoryLimit: 10,
          progressDeadlineSeconds: 600,
          ...spec,
          template: podTemplate(recordOf(spec, 'template')),
        },
        status: {},
      };
    case PODS:
      return { spec: podSpec(spec), status: { phase: 'Pending', qosClass: 'Burstable' } };
    case NAMESPACES:
      return { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    case SECRETS: {
      const plain = Object.entries(recordOf(draft, 'stringData')).map(([key, value]) => [
        key,
        Buffer.from(String(value)).toString('base64'),
      ]);
      return {
        type: textOf(draft, 'type') ?? 'Opaque',
        data: { ...recordOf(draft, 'data'), ...Object.fromEntries(plain) },
        stringData: undefined,
      };
    }
    case CONFIG_MAPS:
    case NODES:
    default:
      return {};
  }
}

const podTemplate = (template: JsonObject): JsonObject => ({
  ...template,
  metadata: { creationTimestamp: null, ...recordOf(template, 'metadata') },
  spec: podSpec(recordOf(template, 'spec')),
});

function podSpec(spec: JsonObject): JsonObject {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    ...spec,
    containers: recordsOf(spec, 'containers').map((container) => ({
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'IfNotPresent',
      ...container,
      ...(container['ports'] === undefined ? {} : { ports: recordsOf(container, 'ports').map((port) => ({ protocol: 'TCP', ...port })) }),
    })),
  };
}
