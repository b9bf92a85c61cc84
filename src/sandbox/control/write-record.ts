import type { Call } from '../api/call.ts';
import { PROXIED } from '../network/service-proxy.ts';

/** What clients asked to change, in the order in which it came: `DELETE /apis/apps/v1/…`, `POST /jobs/…/stop`. */
export interface WriteRecord {
  note(call: Pick<Call, 'method' | 'path'>): void;
  all(): readonly string[];
}

/** Requests that only ask, whatever their method is: access reviews, and the handshakes of exec and port-forward. What is passed on to a pod is noted there. */
const ASKS = /\/(\w*accessreviews|selfsubjectreviews|exec|portforward)$/;

/** Writes that are kept. */
const KEPT = 10_000;

export function writeRecord(): WriteRecord {
  const writes: string[] = [];
  return {
    note({ method, path }) {
      if (['GET', 'HEAD'].includes(method) || ASKS.test(path) || PROXIED.test(path)) return;
      writes.push(`${method} ${path}`);
      if (writes.length > KEPT) writes.shift();
    },
    all: () => [...writes],
  };
}
