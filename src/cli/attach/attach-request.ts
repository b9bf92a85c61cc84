import type { Destination } from './choose-cluster.ts';
import type { ConnectionOptions, FrontOptions } from '../command-line/connection-options.ts';

/** Which session to attach to, and how it is to look. */
export interface AttachRequest {
  /** Undefined only with the sandbox, which has one cluster. */
  readonly clusterId: string | undefined;
  readonly sandbox: boolean;
  readonly connection: ConnectionOptions;
  readonly front: FrontOptions;
  /** Where one went from another cluster; undefined: as the command line says. */
  readonly moved?: Pick<Destination, 'context' | 'namespace'>;
  /** Reject when there is no such cluster; else it may still be on its way. */
  readonly mustExist: boolean;
}
