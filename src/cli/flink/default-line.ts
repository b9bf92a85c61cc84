import {
  haClusterId,
  internalConfigDir,
  jobManagerAddress,
  jobManagerPort,
  restAddress,
  restPort,
  sslRestEnabled,
} from '../../config/options/options-cluster.ts';
import type { ConfigValue, FlinkConfig } from '../../config/options/types.ts';
import { Problem } from '../../support/problem.ts';
import type { ParsedLine } from './command-line.ts';
import type { Configured } from './configuration.ts';
import { bareHost } from '../../http/address.ts';

/** `host:port`, or a URL with both. Source: `NetUtils.parseHostPortAddress` and `AbstractCustomCommandLine.setJobManagerAddressInConfig`, Flink 2.3, as recorded. */
function addressSettings(address: string): Record<string, ConfigValue> {
  const [, scheme = 'http', host = '', port, path = ''] = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^:/]+):(\d+)(\/.*)?$/i.exec(address) ?? [];
  if (port === undefined) throw new Problem('usage', `-m ${address} names no port.`, { hint: 'Write host:port.' });
  const name = bareHost(host);
  return {
    [jobManagerAddress.key]: name,
    [jobManagerPort.key]: Number(port),
    [restAddress.key]: name,
    [restPort.key]: Number(port),
    'rest.path': path,
    [sslRestEnabled.key]: scheme.toLowerCase() === 'https',
  };
}

/**
 * The configuration of an application with `-m` and `-z`. They only count if the target is set by `-D` alone, and any `-D` wins over them.
 * Throws a `Problem` of kind `usage`. Source: `DefaultCLI`, Flink 2.3: with `-t` or a target in the file, Flink uses `GenericCLI`, which
 * does not have these options.
 */
export function withDefaultLine({ config, properties, address }: Configured, line: ParsedLine): FlinkConfig {
  if (config.raw(internalConfigDir.key) !== undefined) return config;
  const namespace = line.value('zookeeperNamespace');
  return config.with({
    ...(address === undefined ? {} : addressSettings(address)),
    ...(namespace === undefined ? {} : { [haClusterId.key]: namespace }),
    ...properties,
  });
}
