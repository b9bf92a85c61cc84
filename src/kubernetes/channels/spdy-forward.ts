import type { Duplex } from 'node:stream';
import { Problem } from '../../support/problem.ts';
import { deadline } from '../../support/waiting.ts';
import { forwardFailure, forwarding, type Forwarding } from './port-forward.ts';
import { watchSilence } from './silence.ts';
import { spdyConnection, type SpdyConnection } from './spdy.ts';
import { spdyUpgrade } from './spdy-upgrade.ts';

/** The kubelet's message about a port that fails is one line. */
const MOST_SAID = 4_096;
/** The kubelet ends both streams of a connection together. A server that forgets one of them may delay the other for only this long. */
const APART_MS = 5_000;

/**
 * A connection to a port of a pod over SPDY, requested with POST: for users who may `create` but not `get`, and for gateways that do not
 * pass WebSockets on. Source: client-go `tools/portforward`, protocol `portforward.k8s.io`: an error stream and a data stream for each
 * connection.
 */
export async function spdyForward(forward: Forwarding): Promise<Duplex> {
  const {
    transport,
    clock,
    port,
    options: { signal, timeoutMs },
  } = forward;
  const { what, name, path } = forwarding(forward);
  const means = { transport, clock, signal, timeoutMs };
  const socket = await spdyUpgrade(means, { what, path, tracePath: path, protocol: 'portforward.k8s.io' });
  const connection: SpdyConnection = spdyConnection(socket, {
    heard: () => silence.heard(),
    closed(problem) {
      silence.end();
      if (problem) data.destroy(new Problem(problem.kind, `The connection to ${name.toLowerCase()} broke.`, { cause: problem }));
    },
  });
  const silence = watchSilence(connection, transport, clock, (problem) => data.destroy(problem));
  const headers = { port: String(port), requestID: '0' };
  const failure = connection.open({ streamType: 'error', ...headers });
  failure.end();
  // The end of the data may come first: only the end of the other stream shows whether the port failed.
  const data = connection.open({ streamType: 'data', ...headers }, (end) => {
    if (failure.closed) return end();
    const inTime = deadline(clock, APART_MS, end);
    failure.once('close', () => {
      inTime();
      end();
    });
  });
  let said = '';
  failure.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8').slice(0, MOST_SAID - said.length);
  });
  // The message is complete, so its stream ends.
  failure.once('end', () => {
    if (said !== '') data.destroy(forwardFailure(name, said));
  });
  // The far side closed the port: nothing can be written any more.
  data.once('end', () => data.end());
  data.once('close', () => connection.close());
  return data;
}
