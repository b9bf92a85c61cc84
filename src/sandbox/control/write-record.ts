import type { Call } from '../api/call.ts';
import { PROXIED } from '../network/service-proxy.ts';

/** What clients have asked to change, in order of arrival: `DELETE /apis/apps/v1/…`, `POST /jobs/…/stop`. */
export interface WriteRecord {
  note(call: Pick<Call, 'method' | 'path'>): void;
  all(): readonly string[];
}

/** Requests that change nothing, whatever their method: access reviews, and the handshakes of exec and port-forward. A proxied request is noted when it reaches its pod. */
const ASKS = /\/(\w*accessreviews|selfsubjectreviews|exec|portforward)$/;

/** How many writes are kept. */
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
