import type { ConnectionOptions, FrontOptions } from './connection-options.ts';

/** Which session to attach to, and how it is to look. */
export interface AttachRequest {
  /** Undefined only with the sandbox, which has one cluster. */
  readonly clusterId: string | undefined;
  readonly sandbox: boolean;
  readonly connection: ConnectionOptions;
  readonly front: FrontOptions;
  /** Reject when there is no such cluster; else it may still be on its way. */
  readonly mustExist: boolean;
}
