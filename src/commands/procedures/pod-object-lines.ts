import { maskedData } from '../../config/secrets/documents.ts';
import { maskValue, maskWords } from '../../config/secrets/redact.ts';
import {
  type ContainerSpec,
  type ContainerState,
  type ContainerStatus,
  type PodObject,
  type Probe,
  stamp,
  type Volume,
} from '../../native/objects.ts';
import { aligned } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime, formatSpan } from '../../support/format.ts';

/** `indent` spaces, then the label, then the values below each other. */
function rows(indent: number, label: string, values: readonly string[]): readonly string[] {
  const head = ' '.repeat(indent);
  return values.map((value, index) => `${head}${(index === 0 ? label : '').padEnd(14)}${oneLine(value, 2_000)}`);
}

const row = (indent: number, label: string, value: string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : rows(indent, label, [value]);

const pairs = (labels: Readonly<Record<string, string>> | undefined): readonly string[] =>
  Object.entries(labels ?? {}).map(([key, value]) => `${key}=${maskValue(key, value)}`);

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', title, ...lines]);

/** What the API server says of a pod, in the order of `kubectl describe pod`; secrets are masked. */
export function podObjectLines({ metadata, spec, status }: PodObject, now: Instant): readonly string[] {
  const init = spec?.initContainers ?? [];
  const containers = spec?.containers ?? [];
  return [
    ...rows(0, 'Labels', pairs(metadata?.labels)),
    ...row(0, 'Owner', metadata?.ownerReferences?.map(({ kind, name }) => `${kind} ${name}`).join(', ')),
    ...row(0, 'Account', spec?.serviceAccountName),
    ...row(0, 'Priority', spec?.priorityClassName),
    ...row(0, 'QoS', status?.qosClass),
    ...rows(0, 'Node selector', pairs(spec?.nodeSelector)),
    ...rows(0, 'Tolerations', (spec?.tolerations ?? []).map(tolerationWords)),
    ...section('Conditions', conditionLines(status?.conditions ?? [], now)),
    ...init.flatMap((each) => section(`Init container ${each.name}`, containerLines(each, status?.initContainerStatuses, now))),
    ...containers.flatMap((each) => section(`Container ${each.name}`, containerLines(each, status?.containerStatuses, now))),
    ...section('Volumes', volumeLines(spec?.volumes ?? [])),
  ];
}

type PodSpec = NonNullable<PodObject['spec']>;
type PodStatus = NonNullable<PodObject['status']>;

const tolerationWords = ({ key, operator, value, effect, tolerationSeconds }: NonNullable<PodSpec['tolerations']>[number]): string =>
  [
    `${key ?? 'any taint'}${operator === 'Exists' || value === undefined ? '' : `=${value}`}`,
    ...(effect === undefined ? [] : [effect]),
    ...(tolerationSeconds === undefined ? [] : [`for ${formatSpan(tolerationSeconds * 1_000)}`]),
  ].join(' ');

const conditionLines = (conditions: NonNullable<PodStatus['conditions']>, now: Instant): readonly string[] =>
  conditions.map(({ type, status, reason, message, lastTransitionTime }) => {
    const at = stamp(lastTransitionTime);
    const why = [reason, message].filter((part) => part !== undefined && part !== '').join(': ');
    return `  ${(type ?? '').padEnd(26)}${(status ?? '').padEnd(7)}${at === undefined ? '' : ` for ${formatSpan(now - at)}`}${why === '' ? '' : `, ${oneLine(why, 500)}`}`;
  });

function containerLines(spec: ContainerSpec, statuses: readonly ContainerStatus[] | undefined, now: Instant): readonly string[] {
  const status = statuses?.find(({ name }) => name === spec.name);
  const { resources } = spec;
  return [
    ...row(2, 'Image', spec.image),
    ...row(2, 'Image id', status?.imageID),
    ...row(2, 'State', stateWords(status?.state, now)),
    ...row(2, 'Last state', stateWords(status?.lastState, now)),
    ...row(
      2,
      'Ready',
      status === undefined ? undefined : `${status.ready === true ? 'yes' : 'no'}, ${restartWords(status.restartCount ?? 0)}`,
    ),
    ...row(2, 'Requests', amounts(resources?.requests)),
    ...row(2, 'Limits', amounts(resources?.limits)),
    ...row(
      2,
      'Ports',
      spec.ports?.map(({ name, containerPort }) => `${containerPort}${name === undefined ? '' : ` (${name})`}`).join(', '),
    ),
    ...row(2, 'Liveness', probeWords(spec.livenessProbe)),
    ...row(2, 'Readiness', probeWords(spec.readinessProbe)),
    ...row(2, 'Startup', probeWords(spec.startupProbe)),
    ...row(2, 'Command', commandWords(spec.command)),
    ...row(2, 'Arguments', commandWords(spec.args)),
    ...rows(2, 'Environment', [
      ...(spec.envFrom ?? []).map(({ configMapRef, secretRef, prefix = '' }) =>
        secretRef === undefined ? `${prefix}* from ConfigMap ${configMapRef?.name}` : `${prefix}* from Secret ${secretRef.name}`,
      ),
      ...(spec.env ?? []).map(({ name = '', value, valueFrom }) =>
        valueFrom === undefined ? `${name}=${maskValue(name, value ?? '')}` : `${name} from ${sourceWords(valueFrom)}`,
      ),
    ]),
    ...rows(
      2,
      'Mounts',
      (spec.volumeMounts ?? []).map(
        ({ mountPath, name, readOnly, subPath }) =>
          `${mountPath} from ${name}${subPath === undefined ? '' : `, ${subPath} of it`}${readOnly === true ? ', read-only' : ''}`,
      ),
    ),
  ];
}

const restartWords = (count: number): string => (count === 1 ? '1 restart' : `${count} restarts`);

const amounts = (each: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(each ?? {})
    .map(([name, amount]) => `${name} ${amount}`)
    .join(', ');

const commandWords = (words: readonly string[] | undefined): string | undefined =>
  words === undefined ? undefined : maskWords(words).join(' ');

/** `running for 2 h`, `terminated 3 min ago after 20 s: OOMKilled, exit code 137`, `waiting: ImagePullBackOff: …`. */
function stateWords(state: ContainerState | undefined, now: Instant): string | undefined {
  const { running, terminated, waiting } = state ?? {};
  if (running !== undefined) {
    const from = stamp(running.startedAt);
    return `running${from === undefined ? '' : ` for ${formatSpan(now - from)}, since ${formatDateTime(from)}`}`;
  }
  if (waiting !== undefined)
    return ['waiting', waiting.reason, waiting.message].filter((part) => part !== undefined && part !== '').join(': ');
  if (terminated === undefined) return undefined;
  const { reason, exitCode, message } = terminated;
  const [from, to] = [stamp(terminated.startedAt), stamp(terminated.finishedAt)];
  return [
    `terminated${to === undefined ? '' : ` ${formatSpan(now - to)} ago`}${from === undefined || to === undefined ? '' : ` after ${formatSpan(to - from)}`}`,
    [reason, `exit code ${exitCode}`, message].filter((part) => part !== undefined && part !== '').join(', '),
  ].join(': ');
}

/** `http-get /config on 8081, every 10 s, at most 1 s, 3 failures`. Defaults: `Probe`, Kubernetes 1.34. */
function probeWords(probe: Probe | undefined): string | undefined {
  if (probe === undefined) return undefined;
  const { httpGet, tcpSocket, exec, grpc } = probe;
  const what =
    httpGet !== undefined
      ? `${(httpGet.scheme ?? 'HTTP').toLowerCase()} get ${httpGet.path ?? '/'} on ${httpGet.port}`
      : tcpSocket !== undefined
        ? `connects to ${tcpSocket.port}`
        : grpc !== undefined
          ? `grpc on ${grpc.port}`
          : `runs ${commandWords(exec?.command) ?? ''}`;
  const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = probe;
  return `${what}, ${initialDelaySeconds === 0 ? '' : `after ${initialDelaySeconds} s, `}every ${periodSeconds} s, within ${timeoutSeconds} s, fails after ${failureThreshold}`;
}

type EnvSource = NonNullable<NonNullable<ContainerSpec['env']>[number]['valueFrom']>;

function sourceWords({ secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef }: EnvSource): string {
  if (secretKeyRef !== undefined) return `${secretKeyRef.key} of Secret ${secretKeyRef.name}`;
  if (configMapKeyRef !== undefined) return `${configMapKeyRef.key} of ConfigMap ${configMapKeyRef.name}`;
  return fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? 'elsewhere';
}

const volumeLines = (volumes: readonly Volume[]): readonly string[] =>
  aligned(
    volumes.map((volume) => [`  ${volume.name ?? ''}`, oneLine(volumeWords(volume), 2_000)]),
    [{}, {}],
    '  ',
  );

/** The kind and what it leads to: `ConfigMap flink-config-my-cluster`, `emptyDir`; of others, all that is given. */
function volumeWords({ configMap, secret, persistentVolumeClaim, emptyDir, hostPath, projected, ...others }: Volume): string {
  if (configMap !== undefined) return `ConfigMap ${configMap.name}`;
  if (secret !== undefined) return `Secret ${secret.secretName}`;
  if (persistentVolumeClaim !== undefined) return `PersistentVolumeClaim ${persistentVolumeClaim.claimName}`;
  if (hostPath !== undefined) return `hostPath ${hostPath.path}`;
  if (emptyDir !== undefined)
    return ['emptyDir', emptyDir.medium, emptyDir.sizeLimit].filter((part) => part !== undefined && part !== '').join(' ');
  if (projected !== undefined) return `projected: ${(projected.sources ?? []).flatMap((source) => Object.keys(source)).join(', ')}`;
  return JSON.stringify(maskedData({ ...others, name: undefined }));
}
