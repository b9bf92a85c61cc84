import { sendJson, type Call } from '../api/call.ts';
import { isRecord } from '../api/objects.ts';
import { type Still, unchangeable } from './still.ts';

/** Answers one request to Flink's REST endpoint as it was answered then. What nobody asked then is not known. */
export function serveStillRest({ answers, at, clusterId }: Still, call: Call): void {
  const path = call.path.replace(/^\/v1(?=\/)/, '').replace(/(?<=.)\/$/, '');
  const send = (status: number, body: unknown): void =>
    sendJson(call.response, status, body, { 'content-type': 'application/json; charset=UTF-8', 'access-control-allow-origin': '*' });
  if (call.method !== 'GET' && call.method !== 'HEAD') return send(405, { errors: [unchangeable] });
  const answer = answers.get(path);
  if (answer === undefined) {
    const when = new Date(at).toISOString();
    return send(404, {
      errors: [`the answer of ${clusterId} to ${path} was not recorded at ${when}; recorded are: ${[...answers.keys()].join(', ')}`],
    });
  }
  send(200, path.endsWith('/metrics') ? metrics(answer, call.query.get('get')) : answer);
}

/** Flink lists names, and gives the values of those that are named. */
function metrics(recorded: unknown, wanted: string | null): unknown {
  if (!Array.isArray(recorded)) return recorded;
  const names = wanted?.split(',');
  return recorded
    .filter(isRecord)
    .flatMap((one) => (names === undefined ? [{ id: one['id'] }] : names.includes(String(one['id'])) ? [one] : []));
}
