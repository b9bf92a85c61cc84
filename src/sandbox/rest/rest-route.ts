import type { Faults } from '../base/faults.ts';
import type { Call } from '../api/call.ts';
import type { FlinkCluster } from '../flink/cluster.ts';

/** A request, and what some routes need besides the cluster. */
export interface RestCall extends Call {
  readonly faults: Faults;
  /** For uploads. */
  readonly folder: string;
}

/** A route of Flink's REST API. It receives the `:name` parts of its pattern, decoded. */
export interface RestRoute {
  readonly method: string;
  readonly pattern: string;
  readonly run: (cluster: FlinkCluster, call: RestCall, parts: Readonly<Record<string, string>>) => unknown;
}

/** An answer other than 200 with JSON. */
export class RestAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string;

  constructor(status: number, body: unknown, contentType = 'application/json; charset=UTF-8') {
    this.status = status;
    this.body = body;
    this.contentType = contentType;
  }
}
