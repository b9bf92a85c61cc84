import { jobManagerPodTemplateFile, taskManagerPodTemplateFile } from '../../config/options/options-kubernetes.ts';
import { commonLabels, MAIN_CONTAINER, names } from '../../native/names.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { configMap, readText } from './files.ts';
import { append, listOf } from './json.ts';
import { asType } from './pod-types.ts';
import { readTemplate, type TemplateScalar, type TemplateValue } from './template-text.ts';
import type { Context, Draft, JsonObject } from './types.ts';

/** A pod before the steps, from a template: its main container is separate from the others. */
export interface PodTemplate {
  readonly metadata: JsonObject;
  readonly podSpec: JsonObject;
  readonly sideContainers: readonly JsonObject[];
  readonly main: JsonObject;
}

export const emptyTemplate: PodTemplate = { metadata: {}, podSpec: {}, sideContainers: [], main: {} };

function missing(path: string, key: string): Problem {
  return new Problem('invalid', `Pod template file ${path} does not exist.`, { hint: `${key} names a file of this machine.` });
}

function parse(text: string, path: string): ReadonlyMap<TemplateScalar, TemplateValue> {
  try {
    const root = readTemplate(text);
    if (root instanceof Map) return root;
    throw new Problem('invalid', root === null ? 'It is empty.' : 'It is not a map.');
  } catch (error) {
    // A `SyntaxError` of JSON, or a `Problem`.
    throw new Problem('invalid', `The pod template ${path} cannot be read: ${sentence(error)}`, { cause: error });
  }
}

/**
 * A pod template from YAML or JSON. Only `metadata` and `spec` count; the kind is ignored. Of several containers with the main name,
 * the last one counts. Throws a `Problem` of kind `invalid`. Source: `KubernetesUtils.loadPodFromTemplateFile`, Flink 2.3.
 */
export function readPodTemplate(text: string, path: string): PodTemplate {
  const root = parse(text, path);
  const metadata = asType(root.get('metadata') ?? null, 'ObjectMeta', `${path}: metadata`) as JsonObject | undefined;
  const spec = asType(root.get('spec') ?? null, 'PodSpec', `${path}: spec`) as JsonObject | undefined;
  const { containers: _, ...podSpec } = spec ?? {};
  const written = root.get('spec');
  if (written instanceof Map && written.get('containers') === null)
    throw new Problem('invalid', `${path}: spec.containers has no value.`, { hint: 'Leave the line out, or list containers below it.' });
  const containers = listOf(spec ?? {}, 'containers') as readonly (JsonObject | null)[];
  const unnamed = containers.findIndex((container) => container === null);
  if (unnamed >= 0) throw new Problem('invalid', `${path}: spec.containers[${unnamed}] has no value.`);
  const [main] = (containers as readonly JsonObject[]).filter((container) => container.name === MAIN_CONTAINER).slice(-1);
  return {
    metadata: metadata ?? {},
    podSpec,
    sideContainers: (containers as readonly JsonObject[]).filter((container) => container.name !== MAIN_CONTAINER),
    main: main ?? {},
  };
}

/** Starts the pod with the JobManager's template. */
export function fromTemplate(draft: Draft, context: Context): Draft {
  const path = draft.config.get(jobManagerPodTemplateFile);
  if (path === undefined) return draft;
  const text = readText(context, path);
  if (text === undefined) throw missing(path, jobManagerPodTemplateFile.key);
  return { ...draft, ...readPodTemplate(text, path) };
}

const templateFile = 'taskmanager-pod-template.yaml';

/** Passes the TaskManager's template on unchanged, for the JobManager to read. Source: `PodTemplateMountDecorator`, Flink 2.3. */
export function taskManagerTemplate(draft: Draft, context: Context): Draft {
  const path = draft.config.get(taskManagerPodTemplateFile);
  if (path === undefined) return draft;
  const text = readText(context, path);
  if (text === undefined) throw missing(path, taskManagerPodTemplateFile.key);
  const name = names.podTemplateConfigMap(context.clusterId);
  return {
    ...draft,
    podSpec: append(draft.podSpec, 'volumes', {
      name: 'pod-template-volume',
      configMap: { name, items: [{ key: templateFile, path: templateFile }] },
    }),
    main: append(draft.main, 'volumeMounts', { name: 'pod-template-volume', mountPath: '/opt/flink/pod-template' }),
    owned: [...draft.owned, configMap(name, commonLabels(context.clusterId), new Map([[templateFile, text]]))],
    notices: [...draft.notices, ...templateDoubts(text, path, context.namespace)],
  };
}

/** Problems that the JobManager will have with the template of its TaskManagers, which is sent unchecked. */
function templateDoubts(text: string, path: string, namespace: string): readonly string[] {
  try {
    const other = readPodTemplate(text, path).metadata.namespace;
    return other === undefined || other === namespace
      ? []
      : [
          `${path}: metadata.namespace is ${String(other)}. The JobManager will create its TaskManagers there and not in ${namespace}, if it is allowed to.`,
        ];
  } catch (error) {
    return [`${sentence(error)} The JobManager will start no TaskManagers with it.`];
  }
}
