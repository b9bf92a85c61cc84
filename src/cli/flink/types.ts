import type { FlinkConfig } from '../../config/options/types.ts';
import type { SavepointFinder } from '../../flink/savepoint-recovery.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { Launches } from '../../session/launches.ts';
import type { CliIo } from '../process/io.ts';
import type { ApplicationRequest } from '../deploy/deploy-application.ts';

/** The cluster that an action is for. */
export type FlinkTarget =
  /** At this base URL, without a trailing slash. */
  | { readonly kind: 'remote'; readonly url: string }
  /** By its id; `restAddress` (`-m`) if the user knows a better route to its endpoint. */
  | { readonly kind: 'kubernetes'; readonly clusterId: string; readonly restAddress: string | undefined };

/** How long to look for a cluster, and `--trace`: the file that gets a line for every request. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly trace: string | undefined;
}

/** A client of the cluster, and the line to print once it is found. */
export interface FlinkConnection extends AsyncDisposable {
  readonly client: FlinkClient;
  /** `Retrieve flink cluster c1 successfully, JobManager Web Interface: http://…`; absent if Flink prints nothing. */
  readonly announcement?: string;
  /** Absent if only an address is known. */
  readonly findSavepoint?: SavepointFinder;
}

/** The services of the other rooms that `bin/flink` needs; `programs.ts` supplies them. Everything rejects with a `Problem`. */
export interface FlinkServices {
  /** The version of the Flink client that this stands for, and drey's own: scripts read the text after `Version: `. */
  readonly version: string;
  /** The configuration file, overridden by these settings. `named`: the target was given with -t or -e. */
  loadConfig(properties: Readonly<Record<string, string>>, named: boolean): FlinkConfig;
  clientFor(target: FlinkTarget, config: FlinkConfig, ask: Asking): Promise<FlinkConnection>;
  /** Where `run` keeps what a job is started with, so that drey can restart and upgrade it. */
  readonly launches: Launches;
  /** Deploys an application cluster and prints what Flink prints. */
  deployApplication(request: ApplicationRequest, io: CliIo): Promise<void>;
}
