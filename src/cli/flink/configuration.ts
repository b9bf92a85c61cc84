import { clusterId as clusterIdOption } from '../../config/options/options-kubernetes.ts';
import { executionTarget, restAddress, restPort, restUrlPrefix, sslRestEnabled } from '../../config/options/options-cluster.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { restUrl } from '../../flink/route.ts';
import { Problem } from '../../support/problem.ts';
import type { ParsedLine } from './command-line.ts';
import type { FlinkServices, FlinkTarget } from './types.ts';

export interface Configured {
  readonly config: FlinkConfig;
  /** `execution.target`. */
  readonly target: string;
  /** `-D` of this command line. */
  readonly properties: Readonly<Record<string, string>>;
  /** `-m`. */
  readonly address: string | undefined;
}

/**
 * The file, then `-e`, then `-t`, then `-D`. Without any target it is `remote`. Source: `GenericCLI` and `DefaultCLI`, Flink 2.3. Refuses a
 * target that needs a JVM, or that does not exist on Kubernetes.
 */
export function configure(line: ParsedLine, services: FlinkServices): Configured {
  const properties = Object.fromEntries(line.properties);
  const named = line.value('target') ?? line.value('executor');
  const settings = { ...(named === undefined ? {} : { [executionTarget.key]: named }), ...properties };
  const loaded = services.loadConfig(settings, named !== undefined);
  const target = loaded.get(executionTarget) ?? 'remote';
  if (target !== target.trim()) throw new Problem('usage', `"${target}" is not a target: there is white space around it.`);
  if (target === 'local')
    throw new Problem('usage', 'The target local starts a cluster inside a JVM, and drey has no JVM.', {
      hint: 'Start a cluster and use -m host:port.',
    });
  if (target.toLowerCase() === 'kubernetes-per-job') {
    throw new Problem('usage', 'Flink on Kubernetes does not support Per-Job Cluster Mode.', {
      hint: "Use -t kubernetes-application for a cluster of the program's own, or kubernetes-session.sh and -t kubernetes-session for a cluster of many jobs.",
    });
  }
  if (target.startsWith('yarn'))
    throw new Problem('usage', `The target ${target} is not supported: drey knows Kubernetes and REST addresses.`);
  return { config: loaded.with({ [executionTarget.key]: target }), target, properties, address: line.value('jobmanager') };
}

/** `run` deploys an application if the target ends like this. Source: `CliFrontend.run`, Flink 2.3. */
export const isApplication = (target: string): boolean => target.endsWith('application');

/** The cluster in a configuration. The names of Kubernetes targets ignore case, as in Flink. */
export function targetOf({ config, target, address }: Configured): FlinkTarget {
  switch (target.toLowerCase()) {
    case 'kubernetes-session':
    case 'kubernetes-application': {
      const id = config.get(clusterIdOption);
      if (id === undefined || id.trim() === '') {
        throw new Problem('invalid', 'No cluster id was specified. Please specify a cluster to which you would like to connect.', {
          hint: 'Add -Dkubernetes.cluster-id=NAME.',
        });
      }
      return { kind: 'kubernetes', clusterId: id, restAddress: address };
    }
    case 'remote':
      return { kind: 'remote', url: remoteUrl(config, address) };
    default:
      throw new Problem('invalid', `"${target}" is not a target.`, { hint: 'Use remote, kubernetes-session or kubernetes-application.' });
  }
}

function remoteUrl(config: FlinkConfig, address: string | undefined): string {
  const scheme = config.get(sslRestEnabled) === true ? 'https' : 'http';
  const prefix = `/${(config.get(restUrlPrefix) ?? '').replace(/^\/+|\/+$/g, '')}`;
  const host = address ?? config.get(restAddress);
  if (host === undefined || host.trim() === '') {
    throw new Problem('invalid', 'No cluster was named: neither -m, nor -t, nor rest.address says where Flink is.', {
      hint: 'Use -m host:port, or -t kubernetes-session -Dkubernetes.cluster-id=NAME.',
    });
  }
  if (/^https?:\/\//i.test(host)) return restUrl(host);
  const withPort = address !== undefined && /:\d+$/.test(host) ? host : `${host}:${config.get(restPort) ?? 8081}`;
  return restUrl(`${scheme}://${withPort}${prefix}`);
}
