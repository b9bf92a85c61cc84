import { exchange, readAll } from '../../http/exchange.ts';
import { pool } from '../../http/pool.ts';
import { systemClock } from '../../support/clock.ts';

/** How long an exposed address may take to answer before another way is taken. */
const timeoutMs = 1000;
/** Flink's answer has a few hundred bytes. */
const mostBytes = 64 * 1024;

/**
 * Whether Flink answers at that base URL, within a second. A mere connection proves nothing: an address of a cluster's nodes may belong to
 * somebody else in the network of this machine, or a proxy may accept for it. Resolves with false for any failure.
 */
export async function flinkAnswers(url: string, signal: AbortSignal): Promise<boolean> {
  const server = new URL(`${url}/config`);
  // Who it is matters here, not whether its certificate is trusted: that is checked when something is asked of it.
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
    // Whatever goes wrong, Flink does not answer there.
    return false;
  } finally {
    agent.destroy();
  }
}

/** `DashboardConfiguration`, or what Flink says of an error, e.g. during an election (`ErrorResponseBody`). Source: Flink 1.18 to 2.3. */
function isFlink(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return false;
    return 'flink-version' in answer || ('errors' in answer && Array.isArray(answer.errors));
  } catch {
    // Not JSON: a page of another server.
    return false;
  }
}
