import {
  claimMode as claimModeOption,
  fixedJobId,
  ignoreUnclaimedState,
  parallelism as parallelismOption,
  savepointPath,
} from '../../config/options/options-cluster.ts';
import { valueText } from '../../config/options/values.ts';
import { newId } from '../../flink/ids.ts';
import type { RunJarRequest } from '../../flink/types.ts';
import type { Configured } from './configuration.ts';
import { claimModeOf } from './program-options.ts';
import type { ProgramOptions } from '../../cluster/manifests/application-config.ts';

/** Settings of the file that describe a job rather than a cluster: Flink's client puts them into the plan that it sends. */
const jobPrefixes = ['pipeline.', 'execution.', 'restart-strategy', 'state.', 'table.', 'python.'];

/** Settings that control this client, or that have their own field in the request. */
const ownKeys = [
  'kubernetes.',
  '$internal.',
  'internal.',
  'rest.',
  'web.',
  'client.',
  'security.',
  'jobmanager.',
  'taskmanager.',
  'high-availability.',
  'drey.',
  'execution.target',
  'execution.attached',
  'execution.shutdown-on-attached-exit',
  'execution.state-recovery.',
  'execution.savepoint',
  'pipeline.jars',
  'pipeline.classpaths',
  'parallelism.default',
];

/**
 * The settings to run a jar with. The parallelism is always sent: without one the server uses 1, whatever its own default is. A program's
 * own settings still win, as with Flink's client.
 */
export function jobSettings(program: ProgramOptions, { config, properties }: Configured): RunJarRequest {
  const entryClass = program.entryClass;
  const path = program.savepoint.path ?? config.get(savepointPath);
  const claimMode = program.savepoint.claimMode ?? (config.has(claimModeOption) ? claimModeOf(config.get(claimModeOption)) : undefined);
  const configuration = jobConfiguration({ config, properties });
  return {
    jobId: config.get(fixedJobId) ?? newId(),
    parallelism: program.parallelism ?? config.get(parallelismOption) ?? 1,
    arguments: program.arguments,
    entryClass,
    configuration: Object.keys(configuration).length === 0 ? undefined : configuration,
    ...(path === undefined
      ? {}
      : {
          savepointPath: path,
          allowNonRestoredState: program.savepoint.allowNonRestoredState || config.get(ignoreUnclaimedState) === true,
        }),
    claimMode: path === undefined ? undefined : claimMode,
  };
}

const begins =
  (key: string) =>
  (prefix: string): boolean =>
    key.startsWith(prefix);

function jobConfiguration({ config, properties }: Pick<Configured, 'config' | 'properties'>): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const key of config.keys()) {
    const meant = Object.hasOwn(properties, key) || jobPrefixes.some(begins(key));
    const value = config.raw(key);
    if (meant && value !== undefined && !ownKeys.some(begins(key))) settings[key] = valueText(value);
  }
  return settings;
}
