import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { until } from '../support/until.ts';

/** A member of an answer by its path: `metadata.name`, `items.0.status`. */
export function at<T = string>(value: unknown, path: string): T {
  let found = value;
  for (const member of path.split('.'))
    found = typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>)[member] : undefined;
  return found as T;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** One request to the API server. */
export async function api(
  sandbox: Sandbox,
  path: string,
  {
    method = 'GET',
    body,
    type = 'application/json',
    headers = {},
  }: {
    readonly method?: string;
    readonly body?: unknown;
    readonly type?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

export const PODS = '/api/v1/namespaces/default/pods';

export async function jobManager(sandbox: Sandbox, clusterId: string = sandbox.clusterId): Promise<string> {
  return until(async () => {
    const { body } = await api(sandbox, `${PODS}?labelSelector=app%3D${clusterId},component%3Djobmanager`);
    const pod = at<readonly unknown[] | undefined>(body, 'items')?.find(
      (one) => at(one, 'status.phase') === 'Running' && at<string | undefined>(one, 'metadata.deletionTimestamp') === undefined,
    );
    return pod === undefined ? undefined : at(pod, 'metadata.name');
  });
}

/** A connection to a port of a pod by `v4.channel.k8s.io`, as a stream. */
export async function forward(sandbox: Sandbox, pod: string, port: number): Promise<Duplex> {
  const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}${PODS}/${pod}/portforward?ports=${port}`, 'v4.channel.k8s.io');
  const seen = new Set<number>();
  // Whoever uses the stream listens as well; a refusal may come before.
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      socket.send(Buffer.concat([Buffer.from([0]), chunk]));
      done();
    },
    destroy(error, done) {
      socket.terminate();
      done(error);
    },
  });
  stream.on('error', () => undefined);
  socket.on('message', (message) => {
    const bytes = message as Buffer;
    const channel = bytes[0] ?? 0;
    if (!seen.has(channel)) seen.add(channel);
    else if (channel === 0) stream.push(bytes.subarray(1));
    else stream.destroy(new Error(bytes.toString('utf8', 1)));
  });
  socket.on('close', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  await once(socket, 'open');
  return stream;
}

/** One request to the REST endpoint of the JobManager, through a port-forward of its own. */
export async function rest(
  sandbox: Sandbox,
  path: string,
  {
    method = 'GET',
    body,
    clusterId,
    headers = {},
  }: {
    readonly method?: string;
    readonly body?: unknown;
    readonly clusterId?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const stream = await forward(sandbox, await jobManager(sandbox, clusterId ?? sandbox.clusterId), 8081);
  const payload = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    if (stream.errored !== null) return reject(stream.errored);
    stream.on('error', reject);
    const asked = request(
      {
        createConnection: () => stream,
        method,
        path,
        headers: {
          host: 'rest',
          connection: 'close',
          ...(payload === undefined ? {} : { 'content-length': String(payload.length) }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => void (text += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: /^[{[]/.test(text) ? JSON.parse(text) : text }));
      },
    );
    asked.on('error', reject);
    asked.end(payload);
  });
}

export function multipart(
  name: string,
  content: Buffer,
  field = 'jarfile',
): { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> } {
  const head = `--edge\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/x-java-archive\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--edge--\r\n')]),
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
  };
}

export async function jobs(sandbox: Sandbox): Promise<ReadonlyMap<string, string>> {
  const { body } = await rest(sandbox, '/jobs/overview');
  return new Map(at<readonly unknown[]>(body, 'jobs').map((job) => [at(job, 'name'), at(job, 'state')]));
}

export async function podNames(sandbox: Sandbox): Promise<readonly string[]> {
  const { body } = await api(sandbox, PODS);
  return at<readonly unknown[]>(body, 'items').map((pod) => at(pod, 'metadata.name'));
}

/** Whether a real kubectl is installed; says so when it is not. */
export function hasKubectl(): boolean {
  const found = spawnSync('kubectl', ['version', '--client']).status === 0;
  if (!found) console.warn('kubectl is not installed: the tests that drive the sandbox with it do not run');
  return found;
}
