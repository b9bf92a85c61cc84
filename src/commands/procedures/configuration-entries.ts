import { readConfigYaml } from '../../config/load.ts';
import { loggingFiles } from '../../config/logging/logging-files.ts';
import { takesEffect, type TakesEffect } from '../../config/options/takes-effect.ts';
import { valueText } from '../../config/options/values.ts';
import { readLegacyFile } from '../../config/yaml/legacy-file.ts';
import { Problem } from '../../support/problem.ts';

/** The files with Flink's configuration, the newer form first. */
const configurationFiles = ['config.yaml', 'flink-conf.yaml'] as const;

/** The name of the file with Flink's configuration; undefined: there is none. */
export const configurationFile = (files: Readonly<Record<string, string>>): string | undefined =>
  configurationFiles.find((name) => files[name] !== undefined);

/** The options in a file with Flink's configuration. Throws a `Problem` if it cannot be read. */
export const entriesIn = (file: string, text: string): ReadonlyMap<string, string> =>
  file === 'flink-conf.yaml'
    ? new Map(readLegacyFile(text).entries)
    : new Map([...readConfigYaml(text)].map(([key, value]) => [key, valueText(value)]));

/** Why this text would do harm as this file, as sentences. */
export function faultsIn(file: string, text: string): readonly string[] {
  const logging = loggingFiles.find(({ name }) => name === file);
  if (logging !== undefined) return logging.faults(text);
  if (file === 'flink-conf.yaml') return readLegacyFile(text).notices;
  if (!file.endsWith('.yaml')) return [];
  try {
    entriesIn(file, text);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.message];
  }
}

/** The options that differ, those that are gone and those that are new among them. */
export function changedKeys(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)).toSorted();
}

const sentences: Readonly<Record<TakesEffect, (keys: string) => string>> = {
  processes: (keys) => `${keys}: the JobManager and the TaskManagers have to restart.`,
  taskmanagers: (keys) => `${keys}: the JobManager has to restart; TaskManagers that it starts afterwards have it.`,
  jobs: (keys) => `${keys}: the JobManager has to restart; jobs that are submitted afterwards have it.`,
  deployment: (keys) => `${keys}: only a new deployment of the cluster takes it over.`,
};

/** Which of these options need a restart of what. */
export const restartLines = (keys: readonly string[]): readonly string[] =>
  [...Map.groupBy(keys, takesEffect)].map(([what, of]) => sentences[what](of.join(', ')));
