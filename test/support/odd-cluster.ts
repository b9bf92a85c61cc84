import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { json, restServer } from '../flink/rest-server.ts';
import { type Answer, apiServer, type Call } from '../kubernetes/api-server.ts';
import { api as ask, rest } from '../sandbox/sandboxes.ts';

/** Changes an answer; undefined leaves it as it is. */
export type Oddity = (path: string, body: unknown) => unknown;

export interface OddCluster extends AsyncDisposable {
  readonly kubeconfig: string;
  /** From now on the API server, or Flink, sends these answers. Watches and changes pass unchanged. */
  answers(odd: { readonly api?: Oddity; readonly rest?: Oddity }): void;
}

/** The sandbox behind servers that answer with status 200 but unexpected content. */
export async function oddCluster(sandbox: Sandbox, folder: string): Promise<OddCluster> {
  let odd: { readonly api?: Oddity; readonly rest?: Oddity } = {};
  const changed = (oddity: Oddity | undefined, path: string, body: unknown): unknown => oddity?.(path, body) ?? body;
  await using opening = new AsyncDisposableStack();
  const flink = opening.use(
    await restServer(async ({ method, path }) => {
      const short = path.replace(/^\/v1(?=\/)/, '');
      // A client that hung up does not learn that the sandbox was closed meanwhile.
      const answer = await rest(sandbox, short, { method }).catch(() => undefined);
      if (answer === undefined) return 'cut';
      const { status, body } = answer;
      return json(method === 'GET' ? changed(odd.rest, short.replace(/\?.*$/, ''), body) : body, status);
    }),
  );
  const api = opening.use(
    await apiServer(async (call, answer) => {
      const hungUp = new AbortController();
      answer.response.on('close', () => hungUp.abort());
      try {
        await passOn(sandbox, call, answer, { hungUp: hungUp.signal, change: (body) => changed(odd.api, call.path, body) });
      } catch (error) {
        // Nobody is waiting for the answer any more.
        if (!call.request.socket.destroyed) throw error;
      }
    }),
  );
  const service = {
    spec: { type: 'LoadBalancer', ports: [{ name: 'rest', port: flink.port, targetPort: 8081 }] },
    status: { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } },
  };
  await ask(sandbox, `/api/v1/namespaces/default/services/${sandbox.clusterId}-rest`, {
    method: 'PATCH',
    body: service,
    type: 'application/merge-patch+json',
  });
  const kubeconfig = join(folder, 'odd-kubeconfig');
  writeFileSync(kubeconfig, readFileSync(sandbox.kubeconfig, 'utf8').replaceAll(sandbox.url, api.url));
  const servers = opening.move();
  return {
    kubeconfig,
    answers(next) {
      odd = next;
    },
    [Symbol.asyncDispose]: () => servers.disposeAsync(),
  };
}

async function passOn(
  sandbox: Sandbox,
  call: Call,
  answer: Answer,
  { hungUp, change }: { readonly hungUp: AbortSignal; readonly change: (body: unknown) => unknown },
): Promise<void> {
  const asked = await call.body();
  const { status, headers, body } = await fetch(`${sandbox.url}${call.request.url}`, {
    method: call.method,
    headers: { 'content-type': call.headers['content-type'] ?? 'application/json' },
    signal: hungUp,
    ...(asked === '' ? {} : { body: asked }),
  });
  const readable = Readable.fromWeb(body as ReadableStream);
  if (call.method !== 'GET' || call.query.has('watch') || headers.get('content-type')?.includes('json') !== true) {
    answer.response.writeHead(status, { 'content-type': headers.get('content-type') ?? 'text/plain' });
    // Watching clients hang up in the end.
    readable.on('error', () => answer.reset()).pipe(answer.response);
    return;
  }
  let text = '';
  for await (const chunk of readable) text += String(chunk);
  answer.json(change(JSON.parse(text)), status);
}
