import { blobServerPort } from '../../config/options/options-cluster.ts';
import type { FlinkConfig, Option } from '../../config/options/types.ts';
import { Problem } from '../../support/problem.ts';

/** The single port in an option. Throws a `Problem` for ranges and lists. Source: `KubernetesUtils.parsePort`, Flink 2.3. */
export function fixedPort(config: FlinkConfig, option: Option<string>): number {
  const text = config.get(option) ?? '0';
  if (/^[+-]?\d{1,10}$/.test(text)) return Number(text);
  throw new Problem('invalid', `${option.key} should be specified to a fixed port. Do not support a range of ports.`, {
    hint: `It is '${text}'; set it to one number.`,
  });
}

/** The port of the BLOB server. Source: `KubernetesJobManagerParameters.getBlobServerPort`, Flink 2.3. */
export function blobPort(config: FlinkConfig): number {
  const port = fixedPort(config, blobServerPort);
  if (port > 0) return port;
  throw new Problem('invalid', `${blobServerPort.key} should be a port, and is ${port}.`);
}
