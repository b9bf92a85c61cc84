import type { FlinkConfig } from '../../config/options/types.ts';
import type { SavepointFinder } from '../../flink/savepoint-recovery.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { CliIo } from '../process/io.ts';
import type { ApplicationRequest } from '../deploy/deploy-application.ts';

/** Which cluster an action is for. */
export type FlinkTarget =
  /** At this base URL, without a trailing slash. */
  | { readonly kind: 'remote'; readonly url: string }
  /** By its id; `restAddress` (`-m`) where the user knows a better way to its endpoint. */
  | { readonly kind: 'kubernetes'; readonly clusterId: string; readonly restAddress: string | undefined };

/** How long a cluster is looked for, and `--trace`: the file that gets a line for every request. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly trace: string | undefined;
}

/** A client of the cluster that is meant, and what is said when it was found. */
export interface FlinkConnection extends AsyncDisposable {
  readonly client: FlinkClient;
  /** `Retrieve flink cluster c1 successfully, JobManager Web Interface: http://…`; absent where Flink says nothing. */
  readonly announcement?: string;
  /** Absent where there is an address and nothing else. */
  readonly findSavepoint?: SavepointFinder;
}

/** What `bin/flink` needs of the rest of the house; `main` hands it in. Everything rejects with a `Problem`. */
export interface FlinkServices {
  /** The Flink version whose client this is, and the own one: what stands behind `Version: ` is where scripts look for it. */
  readonly version: string;
  /** The configuration file with these settings on top. `named`: the target was given with -t or -e. */
  loadConfig(properties: Readonly<Record<string, string>>, named: boolean): FlinkConfig;
  clientFor(target: FlinkTarget, config: FlinkConfig, ask: Asking): Promise<FlinkConnection>;
  /** Deploys an application cluster and prints what Flink prints of it. */
  deployApplication(request: ApplicationRequest, io: CliIo): Promise<void>;
}
