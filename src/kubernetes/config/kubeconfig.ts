import { delimiter, join, resolve } from 'node:path';
import { Problem } from '../../support/problem.ts';
import { checkCluster, checkUser, serverAddress } from './kubeconfig-checks.ts';
import { readKubeconfigFile, type Kubeconfig } from './kubeconfig-file.ts';
import { NOBODY, type Profile } from './profile.ts';

export interface KubeconfigOptions {
  /** The only file to use (`--kubeconfig`, `kubernetes.config.file`); it must exist. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home: string;
}

/** The files to read, in kubectl's order: `--kubeconfig` alone, or those in KUBECONFIG, or `~/.kube/config`. */
export function kubeconfigFiles({ kubeconfig, env, home }: KubeconfigOptions): readonly string[] {
  if (kubeconfig !== undefined) return [resolve(expandHome(kubeconfig, home))];
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return [...new Set(listed.map((file) => resolve(expandHome(file, home))))];
  return [join(home, '.kube', 'config')];
}

/**
 * Loads and merges the kubeconfig files as kubectl does (client-go `ClientConfigLoadingRules`): the first file that names a cluster, user,
 * context or current context wins. Missing files are skipped, except one that was requested by name. `undefined` if there is no
 * configuration at all.
 */
export async function loadKubeconfig(options: KubeconfigOptions): Promise<Kubeconfig | undefined> {
  const files = kubeconfigFiles(options);
  const found: Kubeconfig[] = [];
  for (const file of files) {
    const config = await readKubeconfigFile(file);
    if (config) found.push(config);
    else if (options.kubeconfig !== undefined) {
      throw new Problem('invalid', `The kubeconfig file ${file} does not exist.`, { hint: 'Check --kubeconfig.' });
    }
  }
  const merged = mergeKubeconfigs(found);
  return merged.contexts.size === 0 && merged.clusters.size === 0 && merged.users.size === 0 ? undefined : merged;
}

/** The first one wins, entry by entry. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const firstWins = <T>(pick: (config: Kubeconfig) => ReadonlyMap<string, T>): Map<string, T> =>
    new Map(configs.toReversed().flatMap((config) => [...pick(config)]));
  return {
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    clusters: firstWins((config) => config.clusters),
    users: firstWins((config) => config.users),
    contexts: firstWins((config) => config.contexts),
  };
}

/** The profile of one context. If the context, its cluster or its user does not exist, throws a `Problem` that names those that do. */
export function selectContext(config: Kubeconfig, wanted: string | undefined): Profile {
  const name = wanted ?? config.currentContext;
  const names = [...config.contexts.keys()].toSorted();
  const known = names.length === 0 ? 'It has no contexts at all.' : `It has: ${names.join(', ')}.`;
  if (name === undefined) {
    throw new Problem('invalid', 'The kubeconfig names no current context.', { hint: `Choose one with --context. ${known}` });
  }
  const context = config.contexts.get(name);
  if (!context) throw new Problem('invalid', `The kubeconfig has no context named ${name}.`, { hint: known });
  const cluster = context.cluster === undefined ? undefined : config.clusters.get(context.cluster);
  if (!cluster) {
    throw new Problem('invalid', `Context ${name} names the cluster ${context.cluster ?? '(none)'}, which the kubeconfig does not have.`, {
      hint: config.clusters.size === 0 ? 'It has no clusters at all.' : `It has: ${[...config.clusters.keys()].toSorted().join(', ')}.`,
    });
  }
  const user = context.user === undefined ? NOBODY : config.users.get(context.user);
  if (!user) throw new Problem('invalid', `Context ${name} names the user ${context.user}, which the kubeconfig does not have.`);
  const named = context.cluster ?? '';
  const reached = { ...cluster, server: serverAddress(named, cluster, user) };
  checkCluster(named, reached);
  checkUser(user);
  return { context: name, namespace: context.namespace ?? 'default', cluster: reached, user };
}

function expandHome(file: string, home: string): string {
  return file === '~' || file.startsWith('~/') ? join(home, file.slice(1)) : file;
}
