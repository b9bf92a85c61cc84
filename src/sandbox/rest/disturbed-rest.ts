import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from '../base/faults.ts';
import { sendJson, type Call } from '../api/call.ts';

const ELECTION = 'Service temporarily unavailable due to an ongoing leader election. Please refresh.';

/** Serves a REST request, unless a fault delays it or answers in its place. */
export async function disturbed(faults: Faults, led: boolean, call: Call, serve: () => Promise<void>): Promise<void> {
  const slow = faults.restDelay;
  if (slow !== undefined && call.path.includes(slow.path)) await delay(slow.ms, undefined, { ref: false });
  if (faults.election || !led)
    return sendJson(call.response, 503, { errors: [ELECTION] }, { 'content-type': 'application/json; charset=UTF-8' });
  if (faults.cutsRest(call.path)) {
    call.response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8', 'content-length': '4096' });
    call.response.write('{"taskmanagers":2,"slots-to', () => call.request.socket.destroy());
    return;
  }
  const shape = faults.shapeFor(call.path);
  if (shape !== undefined) {
    call.response.writeHead(shape.status, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': String(Buffer.byteLength(shape.body)),
    });
    call.response.end(shape.body);
    return;
  }
  await serve();
}
