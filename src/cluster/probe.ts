import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { systemClock } from '../support/clock.ts';
import { timeLimit } from '../support/waiting.ts';

/** How long an exposed address may take to answer before another way is taken. */
const timeoutMs = 1000;
/** Flink's answer has a few hundred bytes. */
const mostBytes = 64 * 1024;

/**
 * Whether Flink answers at that base URL, within a second. A mere connection proves nothing: an address of a cluster's nodes may belong to
 * somebody else in the network of this machine, or a proxy may accept for it. Resolves with false for all that goes wrong.
 */
export function flinkAnswers(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = timeLimit(timeoutMs, signal, systemClock);
    const answered = (answer: boolean): void => {
      limit[Symbol.dispose]();
      resolve(answer);
    };
    // Who it is matters here, not whether its certificate is trusted: that is checked when something is asked of it.
    const request = url.startsWith('https:') ? getHttps(`${url}/config`, { signal: limit.signal, agent: false, rejectUnauthorized: false }, read) : getHttp(`${url}/config`, { signal: limit.signal, agent: false }, read);
    request.once('error', () => answered(false));

    function read(response: IncomingMessage): void {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > mostBytes) response.destroy();
      });
      response.once('close', () => answered(response.complete && isFlink(text)));
      response.once('error', () => answered(false));
    }
  });
}

/** `DashboardConfiguration`, or what Flink says of an error, e.g. during an election (`ErrorResponseBody`). Source: Flink 1.18 to 2.3. */
function isFlink(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return false;
    return 'flink-version' in answer || ('errors' in answer && Array.isArray(answer.errors));
  } catch {
    // No JSON: somebody else's page.
    return false;
  }
}
