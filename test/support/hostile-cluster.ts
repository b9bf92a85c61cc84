import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type * as z from 'zod/mini';
import { checkpoints } from '../../src/flink/schemas/checkpoints.ts';
import { clusterConfiguration, dashboardConfig, overview, taskManagers } from '../../src/flink/schemas/cluster.ts';
import { jars } from '../../src/flink/schemas/jars.ts';
import { jobDetail } from '../../src/flink/schemas/job-detail.ts';
import { jobConfiguration, jobExceptions, jobsOverview } from '../../src/flink/schemas/jobs.ts';
import { forwardChannels } from '../../src/sandbox/network/port-forward.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { escaped } from '../../src/support/foreign-text.ts';
import { apiServer, type ApiServer } from '../kubernetes/api-server.ts';
import { rest } from '../sandbox/sandboxes.ts';
import { kubeconfigOf } from './kubeconfig.ts';

/** Clipboard, title, link, hidden text, questions to the terminal, 8-bit controls, marks that reverse text, all kinds of line ends. */
export const attack = [
  'x\u001b]52;c;UFdO\u0007',
  '\u001b]0;TITLE\u0007',
  '\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u001b[8mhidden',
  '\u001b[31mred',
  '\u001b[6n',
  '\u001bP$q"p\u001b\\',
  '\u001b[2J',
  '\u009b6n',
  '\u009d0;T8\u009c',
  '\u0085',
  '\u202eoverride\u2066',
  '\u200f\u00ad\ufeff',
  '\u2028',
  '\u{e0041}',
  '\b\b',
  '\r\nFORGED\tROW',
  '\u001b',
].join('');

/** Clients find related objects by these: an object without them is not part of the cluster. */
const structural: ReadonlySet<string> = new Set([
  'kind',
  'apiVersion',
  'uid',
  'resourceVersion',
  'namespace',
  'app',
  'type',
  'component',
  'controller',
  'jid',
  'creationTimestamp',
  'continue',
  'phase',
]);

/** Appends the attack to every text except ids and times; maps that users fill get an attacking name as well. */
export function poisoned(value: unknown, key = ''): unknown {
  if (typeof value === 'string')
    return structural.has(key) ||
      /^\d{4}-\d\d-\d\dT|^NaN$|^(?:True|False)$|^[\d.]+[KMGTi]*$/.test(value) ||
      (key === 'name' && (value.startsWith('my-first') || value === 'rest' || value === 'flink-main-container')) ||
      (key === 'id' && /^[0-9a-f]{32}$/.test(value))
      ? value
      : value + attack;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, poisoned(member, name)]);
  return Object.fromEntries(
    ['annotations', 'user-config', 'execution-config'].includes(key) ? [...members, [`key${attack}`, attack]] : members,
  );
}

interface SchemaNode {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly shape?: Record<string, SchemaNode>;
      readonly element?: SchemaNode;
      readonly in?: SchemaNode;
      readonly innerType?: SchemaNode;
      readonly options?: readonly SchemaNode[];
      readonly entries?: Record<string, string>;
      readonly valueType?: SchemaNode;
    };
  };
}

/** A value with every field of a schema, including optional ones. */
function exampleOf(schema: SchemaNode): unknown {
  const { def } = schema._zod;
  switch (def.type) {
    case 'object':
      return Object.fromEntries(Object.entries(def.shape ?? {}).map(([name, member]) => [name, exampleOf(member)]));
    case 'array':
      return def.element === undefined ? [] : [exampleOf(def.element)];
    case 'record':
      return def.valueType === undefined ? {} : { any: exampleOf(def.valueType) };
    case 'pipe':
      return def.in === undefined ? undefined : exampleOf(def.in);
    case 'union':
      return def.options?.[0] === undefined ? undefined : exampleOf(def.options[0]);
    case 'optional':
    case 'nullable':
      return def.innerType === undefined ? undefined : exampleOf(def.innerType);
    case 'string':
      return 'text';
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'unknown':
      return 'any';
    default:
      throw new Error(`The test does not know schemas of type ${def.type}`);
  }
}

/** `value`, completed from `example`. */
function filled(value: unknown, example: unknown): unknown {
  if (value === undefined || value === null) return example;
  if (Array.isArray(value)) {
    const [first] = Array.isArray(example) ? (example as readonly unknown[]) : [];
    return value.length === 0 && first !== undefined ? [first] : value.map((item) => filled(item, first));
  }
  if (typeof value !== 'object' || typeof example !== 'object' || example === null) return value;
  return {
    ...example,
    ...Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, (example as Record<string, unknown>)[key])])),
  };
}

const schemas: readonly (readonly [RegExp, z.ZodMiniType])[] = [
  [/^\/overview$/, overview],
  [/^\/config$/, dashboardConfig],
  [/^\/jobmanager\/config$/, clusterConfiguration],
  [/^\/taskmanagers$/, taskManagers],
  [/^\/jars$/, jars],
  [/^\/jobs\/overview$/, jobsOverview],
  [/^\/jobs\/[^/]+$/, jobDetail],
  [/\/config$/, jobConfiguration],
  [/\/exceptions$/, jobExceptions],
  [/\/checkpoints$/, checkpoints],
];

function hostileRest(path: string, body: unknown): unknown {
  const [, schema] = schemas.find(([pattern]) => pattern.test(path)) ?? [];
  return poisoned(schema === undefined ? body : filled(body, exampleOf(schema as unknown as SchemaNode)));
}

/** A pod's status when it is in trouble: every reason and message that the projection reads. */
function crashing(object: unknown): unknown {
  const { kind, status, items } = object as {
    readonly kind?: string;
    readonly status?: Record<string, unknown>;
    readonly items?: readonly unknown[];
  };
  if (Array.isArray(items)) return { ...(object as object), items: items.map(crashing) };
  if (kind !== 'Pod' && status?.['phase'] === undefined) return object;
  const containers = (status?.['containerStatuses'] ?? []) as readonly Record<string, unknown>[];
  return {
    ...(object as object),
    status: {
      ...status,
      reason: 'Reason',
      message: 'message',
      nominatedNodeName: 'node',
      containerStatuses: containers.map((one) => ({
        ...one,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'last words' } },
      })),
    },
  };
}

export interface HostileCluster extends AsyncDisposable {
  readonly kubeconfig: string;
  /** Every request fails with an attacking sentence: the API's as a Status, Flink's in `errors`. */
  refuse(what: 'api' | 'rest' | undefined): void;
  /** Pods report that they crash, with reasons and messages. */
  trouble(on: boolean): void;
}

/** The sandbox behind a server that poisons all its answers: objects, watch events, logs, REST. */
export async function hostileCluster(sandbox: Sandbox, folder: string): Promise<HostileCluster> {
  let refusing: 'api' | 'rest' | undefined;
  let inTrouble = false;
  const troubled = (object: unknown): unknown => (inTrouble ? crashing(object) : object);
  const restServer = createServer((request, response) => void answerRest(request, response));
  const answerRest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').replace(/^\/v1(?=\/)/, '');
    const send = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (refusing === 'rest')
      return send(400, { errors: [`refused ${attack}`, `java.lang.IllegalStateException: ${attack}\n\tat Some.frame(${attack})`] });
    const { status, body } = await rest(sandbox, path, { method: request.method ?? 'GET' });
    send(status, hostileRest(path.replace(/\?.*$/, ''), body));
  };
  const api: ApiServer = await apiServer((call, answer) => {
    if (refusing === 'api') return answer.fail(403, `refused ${attack}`);
    const upstream = httpRequest(
      `${sandbox.url}${call.request.url}`,
      { method: call.method, headers: { ...call.headers, 'accept-encoding': 'identity' } },
      (response) => {
        let text = '';
        const isJson = String(response.headers['content-type']).includes('json');
        const isWatch = call.query.get('watch') === 'true' || call.query.get('watch') === '1';
        answer.response.writeHead(response.statusCode ?? 500, { 'content-type': String(response.headers['content-type']) });
        answer.response.flushHeaders();
        const poisonedJson = (line: string): string =>
          JSON.stringify(
            poisoned(isWatch ? { ...JSON.parse(line), object: troubled(JSON.parse(line).object) } : troubled(JSON.parse(line))),
          );
        response.on('data', (chunk: Buffer) => {
          // A log: every line ends with the attack. A line feed in it would start another line.
          if (!isJson) return answer.write(chunk.toString().replaceAll('\n', `${attack.replaceAll('\n', '')}\n`));
          text += chunk.toString();
          if (!isWatch) return;
          const lines = text.split('\n');
          text = lines.pop() ?? '';
          for (const line of lines) answer.write(`${poisonedJson(line)}\n`);
        });
        response.on('error', () => answer.reset());
        response.on('end', () => (isJson && text !== '' ? answer.response.end(poisonedJson(text)) : answer.end()));
      },
    );
    upstream.on('error', () => answer.reset());
    answer.response.on('close', () => upstream.destroy());
    call.request.pipe(upstream);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
  api.onUpgrade((request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      forwardChannels(webSocket, [8081], {
        connect: (_, stream: Duplex) => void restServer.emit('connection', stream),
        stalled: () => false,
      }),
    ),
  );
  const kubeconfig = join(folder, 'hostile-kubeconfig');
  // Escaped: kubectl refuses a file with unescaped control characters.
  await writeFile(
    kubeconfig,
    escaped(kubeconfigOf(api.url, { contexts: [`context${attack}`], userName: `user${attack}`, namespace: 'default' }), 'json'),
  );
  return {
    kubeconfig,
    refuse(what) {
      refusing = what;
    },
    trouble(on) {
      inTrouble = on;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      await api.stop();
    },
  };
}
