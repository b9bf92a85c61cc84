import type { Destination } from './choose-cluster.ts';
import type { ConnectionOptions, FrontOptions } from '../command-line/connection-options.ts';

/** The session to attach to, and its looks. */
export interface AttachRequest {
  /** Undefined only with the sandbox, which has one cluster. */
  readonly clusterId: string | undefined;
  readonly sandbox: boolean;
  readonly connection: ConnectionOptions;
  readonly front: FrontOptions;
  /** Where a cluster was chosen from within another session; undefined: as on the command line. */
  readonly moved?: Pick<Destination, 'context' | 'namespace'>;
  /** Reject if there is no such cluster; otherwise wait for it to appear. */
  readonly mustExist: boolean;
}
