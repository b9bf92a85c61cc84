import type { ConfigurationFiles } from '../../cluster/model/types.ts';
import { maskedDocument } from '../../config/secrets/documents.ts';
import { maskValue } from '../../config/secrets/redact.ts';
import { names } from '../../native/names.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { configurationFile, entriesIn } from '../procedures/configuration-entries.ts';
import { editConfiguration } from '../procedures/edit-configuration.ts';

export const config = command({
  name: 'config',
  summary: "Show or edit the cluster's files of configuration: Flink's options and log levels",
  details:
    'They are in the ConfigMap flink-config-CLUSTER, and every process reads them when it starts; jobmanager configuration shows what the JobManager runs with. KEY is an option, the beginning or a part of one, or the name of a file. Values that look secret are masked. ' +
    '--edit opens the file in $VISUAL or $EDITOR, at the option if one is named. What comes back is checked, the difference is shown before it is written, and it says what has to restart. A ConfigMap that somebody else changed in the meantime is not overwritten; the edited text is then kept in a file.',
  group: 'pods',
  examples: ['config', 'config taskmanager.memory', 'config log4j-console.properties', 'config --edit', 'config web.timeout --edit'],
  args: { key: optional(arg.text('An option, a part of one, or a file')) },
  options: { edit: option.flag('Open it in the editor') },
  shell: { kind: 'run' },
  danger: 'confirm',
  dangerOf: ({ edit }) => (edit === true ? 'confirm' : 'safe'),
  source: 'kubernetes',
  access: ({ target }, { edit }) =>
    edit ? [{ verb: 'patch', resource: 'configmaps', namespace: target.namespace, name: names.configMap(target.clusterId) }] : [],
  async run(context, { key, edit }) {
    const { cluster, front, signal } = context;
    const files = await cluster.files.read(signal);
    if (edit) {
      const { file, line } = placeOf(files, key);
      return await editConfiguration(context, files, file, line);
    }
    await front.show({
      kind: 'facts',
      title: key === undefined ? 'Configuration' : `Configuration: ${oneLine(key, 60)}`,
      ...shown(files, key),
    });
  },
});

interface Shown {
  readonly text: readonly string[];
  readonly data: unknown;
}

function shown({ configMap, files }: ConfigurationFiles, key: string | undefined): Shown {
  const text = key === undefined ? undefined : textOf(files, key);
  if (key !== undefined && text !== undefined) {
    const masked = maskedDocument(text, key).trimEnd();
    return { text: masked.split(/\r?\n/), data: { configMap, file: key, text: masked } };
  }
  const file = configurationFile(files);
  const all = file === undefined ? new Map<string, string>() : readable(file, files[file] ?? '');
  const wanted = [...all].filter(([name]) => key === undefined || name.includes(key)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  if (wanted.length === 0 && key !== undefined) throw unknown(configMap, files, key);
  const options = wanted.map(([name, value]) => [name, maskValue(name, value)] as const);
  const others = Object.keys(files).filter((name) => name !== file);
  return {
    text: [
      ...options.map(([name, value]) => `${name}: ${oneLine(value, 1_000)}`),
      ...(key !== undefined || others.length === 0
        ? []
        : ['', `ConfigMap ${configMap} has as well: ${others.join(', ')}. config FILE shows one.`]),
    ],
    data: { configMap, file: file ?? null, options: Object.fromEntries(options), ...(key === undefined ? { otherFiles: others } : {}) },
  };
}

/** A user may type anything: `constructor` is not a file. */
const textOf = (files: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(files, name) ? files[name] : undefined;

function readable(file: string, text: string): ReadonlyMap<string, string> {
  try {
    return entriesIn(file, text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('invalid', `${file} cannot be read: ${error.message}`, { hint: `config ${file} shows its text.`, cause: error });
  }
}

/** What is edited, and the line at which the editor opens. */
function placeOf({ configMap, files }: ConfigurationFiles, key: string | undefined): { readonly file: string; readonly line: number } {
  if (key !== undefined && textOf(files, key) !== undefined) return { file: key, line: 1 };
  const file = configurationFile(files);
  if (file === undefined || (key !== undefined && ![...readable(file, files[file] ?? '').keys()].some((name) => name.includes(key))))
    throw unknown(configMap, files, key ?? 'config.yaml');
  if (key === undefined) return { file, line: 1 };
  // The same word may stand below another key: then the editor opens a few lines off.
  const last = key.split('.').at(-1) ?? key;
  const at = (files[file] ?? '').split('\n').findIndex((line) => line.trimStart().startsWith(last) || line.startsWith(key));
  return { file, line: Math.max(0, at) + 1 };
}

const unknown = (configMap: string, files: Readonly<Record<string, string>>, key: string): Problem =>
  new Problem('not-found', `ConfigMap ${configMap} has no file and no option "${oneLine(key, 80)}".`, {
    hint: `Its files are ${Object.keys(files).join(', ')}; jobmanager configuration shows the defaults as well.`,
  });
