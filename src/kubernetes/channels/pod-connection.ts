import type { Duplex } from 'node:stream';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { betterOf, isRefused } from './refused.ts';
import { webSocketForward, type PodAddress } from './port-forward.ts';
import { spdyForward } from './spdy-forward.ts';
import type { Transport } from '../request/transport.ts';
import type { RequestOptions } from '../model/types.ts';

/**
 * Connections to ports of pods: over WebSockets, otherwise over SPDY, which needs another right and another kind of upgrade. The way that
 * worked last is tried first. Source: client-go `tools/portforward` `FallbackDialer`. Rejects with a `Problem` that names pod and port.
 */
export function podConnections(
  transport: Transport,
  clock: Clock,
): (pod: PodAddress, port: number, options: RequestOptions) => Promise<Duplex> {
  let ways = [webSocketForward, spdyForward] as const;
  return async (pod, port, options) => {
    const forward = { transport, clock, pod, port, options };
    const [first, second] = ways;
    try {
      return await first(forward);
    } catch (refusal) {
      if (!(refusal instanceof Problem) || !isRefused(refusal)) throw refusal;
      try {
        const connection = await second(forward);
        ways = [second, first];
        return connection;
      } catch (error) {
        throw error instanceof Problem && isRefused(error) ? betterOf(refusal, error) : error;
      }
    }
  };
}
