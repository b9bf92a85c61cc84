import { systemClock, type Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { lifetime } from '../support/waiting.ts';
import { kubernetesClient } from './client.ts';
import { credentials } from './auth/credentials.ts';
import type { LendTerminal } from './auth/exec-plugin.ts';
import { fabric8Limits, overlayFabric8Environment } from './config/fabric8-environment.ts';
import { inClusterProfile } from './config/in-cluster.ts';
import { kubeconfigFiles, loadKubeconfig, selectContext } from './config/kubeconfig.ts';
import type { Profile } from './config/profile.ts';
import { proxyFor } from '../http/proxy.ts';
import { transport, type TraceEntry } from './request/transport.ts';
import type { KubernetesClient } from './model/types.ts';

export interface ConnectOptions {
  /** The one kubeconfig file to use (`--kubeconfig`, `kubernetes.config.file`). */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home: string;
  readonly userAgent?: string;
  readonly clock?: Clock;
  /** 0 up to 1, to spread retries. */
  readonly random?: () => number;
  /** Called for every request. */
  readonly trace?: ((entry: TraceEntry) => void) | undefined;
  /** stdin is a terminal on which a credential plug-in may ask. */
  readonly interactive?: boolean;
  /** Lends the terminal, while drey uses it, to a credential plug-in that has to ask. */
  readonly lendTerminal?: LendTerminal | undefined;
  /** Called with what a credential plug-in prints, and when it is run again. */
  readonly onCredentialNote?: (text: string) => void;
  /** Also read `KUBERNETES_MASTER` and related variables, as Flink's own client does. */
  readonly fabric8Environment?: boolean;
  /** Where a pod mounts its service account. */
  readonly serviceAccountFolder?: string;
}

/**
 * The server and the user: from the kubeconfig, otherwise the pod's service account. If there is neither, throws a `Problem` that says what
 * to do.
 */
export async function resolveProfile(options: ConnectOptions): Promise<Profile> {
  const { context, env } = options;
  const config = await loadKubeconfig(options);
  const found = config ? selectContext(config, context) : await inClusterProfile(env, options.serviceAccountFolder);
  const profile = options.fabric8Environment ? overlayFabric8Environment(found, env) : found;
  if (profile) return profile;
  throw new Problem('invalid', `There is no Kubernetes configuration: ${kubeconfigFiles(options).join(', ')} does not exist or is empty.`, {
    hint: 'Set KUBECONFIG or --kubeconfig to a kubeconfig file.',
  });
}

/** A client for the configured server. Sends nothing yet: the first request reports any problem with the server. */
export async function connectKubernetes(options: ConnectOptions): Promise<KubernetesClient> {
  const { env, clock = systemClock, random = Math.random, userAgent = 'drey', onCredentialNote: onNote = () => {} } = options;
  const profile = await resolveProfile(options);
  const closed = lifetime();
  const keys = credentials(profile, {
    env,
    clock,
    interactive: options.interactive ?? false,
    lendTerminal: options.lendTerminal,
    onNote,
    signal: closed.signal,
  });
  const proxy = proxyFor(new URL(profile.cluster.server), profile.cluster.proxyUrl, env);
  const wire = transport({
    cluster: profile.cluster,
    credentials: keys,
    proxy,
    clock,
    userAgent,
    trace: options.trace,
    limits: options.fabric8Environment ? fabric8Limits(env) : {},
  });
  return kubernetesClient({
    transport: wire,
    clock,
    random,
    context: profile.context,
    namespace: profile.namespace,
    tlsUnverified: profile.cluster.skipTlsVerify && /^https:/i.test(profile.cluster.server),
    extensions: profile.cluster.extensions,
    onRetry: keys.retry,
    onClose: closed.end,
  });
}
