import { exchange, readAll } from '../../http/http-exchange.ts';
import { pool } from '../../http/pool.ts';
import { systemClock } from '../../support/clock.ts';

/** How long to wait for an exposed address before trying another way. */
const timeoutMs = 1000;
/** Flink's answer has a few hundred bytes. */
const mostBytes = 64 * 1024;

/**
 * Whether Flink answers at that base URL within a second. A mere connection proves nothing: an address of a cluster's nodes may belong to
 * another host in the network of this machine, or a proxy may accept in its place. Resolves with false for any failure.
 */
export async function flinkAnswers(url: string, signal: AbortSignal): Promise<boolean> {
  const server = new URL(`${url}/config`);
  // Only the identity of the server matters here: its certificate is checked by the requests that follow.
  const agent = pool({ server, security: { rejectUnauthorized: false }, mostIdle: 0 });
  try {
    const { body } = await exchange({
      server,
      agent,
      method: 'GET',
      path: server.pathname,
      headers: {},
      body: undefined,
      unzip: false,
      signal,
      limits: { totalMs: timeoutMs },
      clock: systemClock,
    });
    return isFlink((await readAll(body, mostBytes)).toString('utf8'));
  } catch {
    // Whatever the error, Flink does not answer there.
    return false;
  } finally {
    agent.destroy();
  }
}

/** `DashboardConfiguration`, or Flink's error, for example during an election (`ErrorResponseBody`). Source: Flink 1.18 to 2.3. */
function isFlink(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return false;
    return 'flink-version' in answer || ('errors' in answer && Array.isArray(answer.errors));
  } catch {
    // Not JSON: another server's page.
    return false;
  }
}
