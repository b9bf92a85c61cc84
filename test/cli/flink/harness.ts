import { Readable } from 'node:stream';
import { runFlink } from '../../../src/cli/flink/run-flink.ts';
import { restPatience } from '../../../src/cli/flink/patience.ts';
import type { ApplicationRequest } from '../../../src/cli/deploy/deploy-application.ts';
import type { FlinkServices, FlinkTarget } from '../../../src/cli/flink/types.ts';
import type { CliIo } from '../../../src/cli/process/io.ts';
import { flinkConfig } from '../../../src/config/flink-config.ts';
import type { ConfigValue } from '../../../src/config/options/types.ts';
import { createFlinkClient } from '../../../src/flink/client.ts';
import { fixedRoute } from '../../../src/flink/route.ts';
import type { Clock } from '../../../src/support/clock.ts';
import { skippingClock } from '../../flink/rest-server.ts';
import { noLaunches } from '../../support/fakes.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly targets: readonly FlinkTarget[];
  readonly deployed: readonly ApplicationRequest[];
}

export interface Setting {
  /** Where clients go to, whatever the command line names. */
  readonly url?: string;
  /** The configuration file. */
  readonly file?: Readonly<Record<string, ConfigValue>>;
  readonly announcement?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly cwd?: string;
  readonly services?: Partial<FlinkServices>;
}

/** `bin/flink` in this process. */
export async function flink(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  const targets: FlinkTarget[] = [];
  const deployed: ApplicationRequest[] = [];
  const clock = setting.clock ?? skippingClock();
  const io: CliIo = {
    stdout: (text) => (out.stdout += text),
    stderr: (text) => (out.stderr += text),
    stdin: Readable.from([]),
    env: {},
    home: '/home/dev',
    log: () => Promise.resolve(),
    streams: { stdin: Readable.from([]), stdout: () => undefined, stderr: () => undefined, terminal: undefined },
    isTty: { stdin: false, stdout: false },
    cwd: setting.cwd ?? '/home/dev',
    signal: setting.signal ?? new AbortController().signal,
    clock,
  };
  const services: FlinkServices = {
    version: 'Version: 2.3.0, drey 0.0.0',
    loadConfig: (properties) => flinkConfig(Object.entries(setting.file ?? {})).with(properties),
    async clientFor(target, config) {
      targets.push(target);
      const url = setting.url ?? (target.kind === 'remote' ? target.url : 'http://127.0.0.1:1');
      const client = createFlinkClient({ router: fixedRoute(url), clock, ...restPatience(config) });
      const announced = setting.announcement === undefined ? {} : { announcement: setting.announcement };
      return { client, ...announced, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
    },
    launches: noLaunches,
    deployApplication: async (request) => void deployed.push(request),
    ...setting.services,
  };
  const code = await runFlink(argv, io, services);
  return { code, ...out, targets, deployed };
}
