import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createClusterHandle } from '../../src/cluster/cluster-handle.ts';
import { loopbackServer } from '../../src/cluster/endpoint/loopback-http.ts';
import { openLoopbackPort } from '../../src/cluster/endpoint/loopback-port.ts';
import { createRestRouter } from '../../src/cluster/endpoint/rest-router.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeClock, fakeFlink } from '../support/fakes.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';
import { aNode, aPod, aRestService } from './objects.ts';

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

const router = (kubernetes: FakeKubernetes, options: Partial<Parameters<typeof createRestRouter>[0]> = {}) => {
  const made = createRestRouter({ kubernetes, clusterId: 'c1', namespace: 'default', probe: async () => false, ...options });
  closing.push(made);
  return made;
};

async function httpServer(answer: string): Promise<number> {
  const server = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push({
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
  return (server.address() as { port: number }).port;
}

const fetchText = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(`${response.statusCode} ${text}`));
    })
      .on('error', reject)
      .end();
  });

describe('the way to the REST endpoint', () => {
  test('is a port-forward to the ready JobManager, whatever port the Service points to', async () => {
    const kubernetes = new FakeKubernetes([
      aRestService('c1', { ports: [{ name: 'rest', port: 8081, targetPort: 8082 }] }),
      aPod('c1-old', { ready: false }),
      aPod('c1-new'),
    ]);
    const route = await router(kubernetes).route();
    expect(route).toMatchObject({ description: 'through pod c1-new (port-forward)', url: 'http://c1-rest.default:8082' });
    await expect(route.open?.(new AbortController().signal)).rejects.toThrow(
      'Port 8082 of JobManager pod c1-new cannot be reached through the API server',
    );
    expect(kubernetes.log.at(-1)).toBe('FORWARD default/c1-new:8082');
  });

  test("is the leader's pod when several JobManagers are ready", async () => {
    const leader = {
      kind: 'ConfigMap',
      metadata: { name: 'c1-cluster-config-map' },
      data: { 'org.apache.flink.k8s.leader.restserver': '3fa85f64-5717,http://10.244.0.9:8081' },
    };
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a', { ip: '10.244.0.8' }), aPod('c1-b', { ip: '10.244.0.9' }), leader]);
    expect((await router(kubernetes).route()).description).toContain('c1-b');
  });

  test('is the JobManager that stood by, and not the one that has just begun, while the leader is gone and nobody else leads yet', async () => {
    const gone = {
      kind: 'ConfigMap',
      metadata: { name: 'c1-cluster-config-map' },
      data: { 'org.apache.flink.k8s.leader.restserver': '3fa85f64-5717,http://10.244.0.7:8081' },
    };
    const kubernetes = new FakeKubernetes([
      aRestService(),
      aPod('c1-new', { ip: '10.244.0.8', createdAt: '2026-01-02T00:00:00Z' }),
      aPod('c1-standby', { ip: '10.244.0.9' }),
      gone,
    ]);
    expect((await router(kubernetes).route()).description).toContain('c1-standby');
  });

  test('is the newest JobManager if the leader may not be looked up', async () => {
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a', { createdAt: '2026-01-02T00:00:00Z' }), aPod('c1-b')]);
    kubernetes.fault = ({ what }) => (what.startsWith('configmaps') ? new Problem('forbidden', 'no') : undefined);
    expect((await router(kubernetes).route()).description).toContain('c1-a');
  });

  test('follows when the pod is replaced', async () => {
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a')]);
    const way = router(kubernetes);
    const first = await way.route();
    expect(await way.route()).toBe(first);
    kubernetes.remove('pods', 'c1-a');
    kubernetes.put('pods', aPod('c1-b'));
    way.lost(first);
    const second = await way.route();
    expect(second.description).toContain('c1-b');
    way.lost(first);
    expect(await way.route()).toBe(second);
  });

  test('is looked for again when the port-forward cannot be opened', async () => {
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a')]);
    const way = router(kubernetes);
    const first = await way.route();
    await expect(first.open?.(new AbortController().signal)).rejects.toThrow(Error);
    expect(await way.route()).not.toBe(first);
  });

  describe('where no port may be forwarded', () => {
    const refusal = new Problem('protocol', 'The API server answered 200 and opened no connection.', {
      status: 200,
      hint: 'A gateway does not pass upgrades on.',
    });
    const refusing = (): FakeKubernetes => {
      const kubernetes = new FakeKubernetes([
        aRestService('c1', { ports: [{ name: 'rest', port: 8081, targetPort: 8082 }] }),
        aPod('c1-a'),
      ]);
      kubernetes.onPortForward = async () => {
        throw refusal;
      };
      return kubernetes;
    };
    const flinkBehindProxy = (kubernetes: FakeKubernetes): void => {
      kubernetes.onAskService = async ({ path }) => ({ status: 200, headers: {}, body: [Buffer.from(`{"path":"${path}"}`)] });
    };

    test('is the proxy of the API server, which is reported', async () => {
      const kubernetes = refusing();
      flinkBehindProxy(kubernetes);
      let told = 0;
      const way = router(kubernetes, { proxied: () => (told += 1) });
      const port = await openLoopbackPort(way);
      closing.push(port);
      expect(await fetchText(`${port.url}/jobs?x=1`)).toBe('200 {"path":"/jobs?x=1"}');
      expect(await fetchText(`${port.url}/overview`)).toBe('200 {"path":"/overview"}');
      expect((await way.route()).description).toBe('through service c1-rest (services/proxy)');
      expect(told).toBe(1);
      expect(kubernetes.log.filter((line) => /^(FORWARD|SERVICE)/.test(line))).toEqual([
        'FORWARD default/c1-a:8082',
        'SERVICE GET default/c1-rest:8081/config',
        'SERVICE GET default/c1-rest:8081/jobs?x=1',
        'SERVICE GET default/c1-rest:8081/overview',
      ]);
    });

    test('is none when the proxy is refused, too: what the port-forward was refused with is reported', async () => {
      const kubernetes = refusing();
      const route = await router(kubernetes).route();
      await expect(route.open?.(new AbortController().signal)).rejects.toThrow(
        'Port 8082 of JobManager pod c1-a cannot be reached through the API server: The API server answered 200 and opened no connection. A gateway does not pass upgrades on.',
      );
    });

    test('is none with TLS: the proxy of the API server checks no certificate', async () => {
      const kubernetes = refusing();
      flinkBehindProxy(kubernetes);
      const route = await router(kubernetes, { https: true }).route();
      await expect(route.open?.(new AbortController().signal)).rejects.toThrow('cannot be reached through the API server');
      expect(kubernetes.log.some((line) => line.startsWith('SERVICE'))).toBe(false);
    });

    test('is not looked for when the pod refuses connections: that is not a refusal of the way', async () => {
      const kubernetes = refusing();
      flinkBehindProxy(kubernetes);
      kubernetes.onPortForward = async () => {
        throw new Problem('unreachable', 'Port 8082 of pod c1-a refuses connections.');
      };
      const route = await router(kubernetes).route();
      await expect(route.open?.(new AbortController().signal)).rejects.toThrow('refuses connections');
      expect(kubernetes.log.some((line) => line.startsWith('SERVICE'))).toBe(false);
    });

    test('is the proxy of the API server for a user who may not list pods', async () => {
      const kubernetes = refusing();
      flinkBehindProxy(kubernetes);
      kubernetes.fault = ({ verb, what }) =>
        verb === 'LIST' && what.startsWith('pods') ? new Problem('forbidden', 'forbidden: list pods', { status: 403 }) : undefined;
      expect((await router(kubernetes).route()).description).toBe('through service c1-rest (services/proxy)');
      kubernetes.onAskService = async () => {
        throw new Problem('forbidden', 'forbidden: get services/proxy', { status: 403 });
      };
      await expect(router(kubernetes).route()).rejects.toThrow('forbidden: list pods');
    });

    test.each([
      [
        'Kubernetes refuses',
        new Problem('forbidden', 'forbidden: create services/proxy', { status: 403 }),
        '403 {"errors":["forbidden: create services/proxy"]}',
      ],
      ['a gateway sends on', new Problem('protocol', 'sent on to a login', { status: 302 }), '502 {"errors":["sent on to a login"]}'],
      ['the connection breaks', new Problem('unreachable', 'it broke'), '502 it broke\n'],
    ])('says why if %s', async (_, problem, answer) => {
      const kubernetes = refusing();
      flinkBehindProxy(kubernetes);
      const port = await openLoopbackPort(router(kubernetes));
      closing.push(port);
      await fetchText(port.url);
      kubernetes.onAskService = async () => {
        throw problem;
      };
      expect(await fetchText(port.url)).toBe(answer);
    });
  });

  test('is the address of the node when that answers', async () => {
    const service = aRestService('c1', { type: 'NodePort', ports: [{ name: 'rest', port: 8081, nodePort: 30001 }] });
    const kubernetes = new FakeKubernetes([service, aNode('n1', [['InternalIP', '10.0.0.1']]), aPod('c1-a')]);
    expect(await router(kubernetes, { probe: async (url) => url === 'http://10.0.0.1:30001' }).route()).toEqual({
      description: 'http://10.0.0.1:30001',
      url: 'http://10.0.0.1:30001',
    });
    expect((await router(kubernetes).route()).description).toBe('through pod c1-a (port-forward)');
  });

  test('is reported once to be another than the address that does not answer', async () => {
    const service = aRestService('c1', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } });
    const kubernetes = new FakeKubernetes([service, aPod('c1-a')]);
    const said: string[] = [];
    const made = router(kubernetes, { detour: (address) => said.push(address) });
    made.lost(await made.route());
    expect((await made.route()).description).toBe('through pod c1-a (port-forward)');
    expect(said).toEqual(['http://203.0.113.7:8081']);
    await router(kubernetes, { probe: async () => true, detour: (address) => said.push(address) }).route();
    await router(new FakeKubernetes([aRestService(), aPod('c1-a')]), { detour: (address) => said.push(address) }).route();
    expect(said).toHaveLength(1);
  });

  test.each([
    ['Flink answers', '{"refresh-interval":3000,"flink-version":"2.3.0"}', true],
    ['Flink elects a leader', '{"errors":["Service temporarily unavailable due to an ongoing leader election. Please refresh."]}', true],
    ['somebody else answers', '<html>Not here</html>', false],
    ['somebody else answers with JSON', '"hello"', false],
  ])('is a node port only where %s', async (_, answer, direct) => {
    const port = await httpServer(answer);
    const service = aRestService('c1', { type: 'NodePort', ports: [{ name: 'rest', port: 8081, nodePort: port }] });
    const made = createRestRouter({
      kubernetes: new FakeKubernetes([service, aNode('n1', [['InternalIP', '127.0.0.1']]), aPod('c1-a')]),
      clusterId: 'c1',
      namespace: 'default',
    });
    closing.push(made);
    expect((await made.route()).description).toBe(direct ? `http://127.0.0.1:${port}` : 'through pod c1-a (port-forward)');
  });

  test('is not a node port that nothing listens on', async () => {
    const service = aRestService('c1', { type: 'NodePort', ports: [{ name: 'rest', port: 8081, nodePort: 1 }] });
    const made = createRestRouter({
      kubernetes: new FakeKubernetes([service, aNode('n1', [['InternalIP', '127.0.0.1']]), aPod('c1-a')]),
      clusterId: 'c1',
      namespace: 'default',
    });
    closing.push(made);
    expect((await made.route()).description).toBe('through pod c1-a (port-forward)');
  });

  test('is what the user says, with its path, and nobody is asked', async () => {
    const kubernetes = new FakeKubernetes();
    expect((await router(kubernetes, { restAddress: 'flink.example:80' }).route()).url).toBe('http://flink.example');
    expect((await router(kubernetes, { restAddress: 'https://gate.example/flink/' }).route()).url).toBe('https://gate.example/flink');
    await expect(router(kubernetes, { restAddress: 'http://' }).route()).rejects.toMatchObject({ kind: 'usage' });
    expect(kubernetes.log).toEqual([]);
  });

  test('needs no right to read Services', async () => {
    const kubernetes = new FakeKubernetes([aPod('c1-a')]);
    kubernetes.fault = ({ what }) => (what.startsWith('services') ? new Problem('forbidden', 'no') : undefined);
    expect((await router(kubernetes, { https: true, pathPrefix: '/flink/' }).route()).url).toBe('https://c1-rest.default:8081/flink');
  });

  test.each([
    [
      {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available: 3 Insufficient cpu.' },
        ],
      },
      'Unschedulable: 0/3 nodes are available: 3 Insufficient cpu',
    ],
    [
      {
        containerStatuses: [
          { name: 'flink-main-container', state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } } },
        ],
      },
      'ImagePullBackOff: Back-off pulling image "x"',
    ],
    [
      {
        containerStatuses: [
          {
            name: 'flink-main-container',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      },
      'CrashLoopBackOff: last ended with OOMKilled (137)',
    ],
    [
      { phase: 'Pending', containerStatuses: [{ name: 'flink-main-container', state: { waiting: { reason: 'ContainerCreating' } } }] },
      'ContainerCreating',
    ],
  ])('says why the JobManager is not ready: %#', async (status, reason) => {
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a', { ready: false, status })]);
    await expect(router(kubernetes).route()).rejects.toThrow(`JobManager pod c1-a is not ready: ${reason}.`);
  });

  test('says that there is no pod, no Service, or only one that leaves', async () => {
    await expect(router(new FakeKubernetes([aRestService()])).route()).rejects.toThrow(
      'Cluster c1 in namespace default has no JobManager pod.',
    );
    await expect(router(new FakeKubernetes()).route()).rejects.toThrow('there is no Service c1-rest in namespace default');
    await expect(router(new FakeKubernetes([aRestService(), aPod('c1-a', { deleted: true })])).route()).rejects.toThrow(
      'c1-a is being deleted',
    );
  });

  test('is looked for once for several that wait, and one that leaves does not end it', async () => {
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a')]);
    const way = router(kubernetes);
    const leaver = new AbortController();
    const [left, stays] = [way.route(leaver.signal), way.route()];
    leaver.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect((await stays).description).toContain('c1-a');
    expect(kubernetes.log.filter((line) => line.startsWith('LIST pods'))).toHaveLength(1);
  });
});

describe('the loopback port', () => {
  const cluster = async () => {
    const [a, b] = [await httpServer('from a'), await httpServer('from b')];
    const kubernetes = new FakeKubernetes([aRestService(), aPod('c1-a')]);
    kubernetes.onPortForward = async (pod) => {
      if (!kubernetes.objects.has(`pods/default/${pod}`)) throw new Problem('not-found', `pods "${pod}" not found`);
      return connect({ port: pod === 'c1-a' ? a : b, host: '127.0.0.1', allowHalfOpen: true });
    };
    return kubernetes;
  };

  test('answers as the cluster does, and goes on when the JobManager is replaced', async () => {
    const kubernetes = await cluster();
    const port = await openLoopbackPort(router(kubernetes));
    closing.push(port);
    expect(port.url).toBe(`http://127.0.0.1:${port.port}`);
    expect(await fetchText(port.url)).toBe('200 from a');
    kubernetes.remove('pods', 'c1-a');
    kubernetes.put('pods', aPod('c1-b'));
    expect(await fetchText(port.url)).toBe('200 from b');
  });

  test('says that the JobManager refuses connections, and answers over the same way as soon as it listens again', async () => {
    const kubernetes = await cluster();
    const listening = kubernetes.onPortForward;
    const port = await openLoopbackPort(router(kubernetes));
    closing.push(port);
    expect(await fetchText(port.url)).toBe('200 from a');
    kubernetes.onPortForward = async () => {
      throw new Problem('unreachable', 'Port 8081 of pod c1-a refuses connections.', { hint: 'Nothing listens there, or not yet.' });
    };
    const refused = await fetchText(port.url);
    expect(refused).toMatch(
      /^502 Port 8081 of JobManager pod c1-a cannot be reached .* refuses connections\. Nothing listens there, or not yet\./,
    );
    kubernetes.onPortForward = listening;
    expect(await fetchText(port.url)).toBe('200 from a');
    expect(new Set(kubernetes.log.filter((line) => /^(FORWARD|SERVICE)/.test(line)))).toEqual(new Set(['FORWARD default/c1-a:8081']));
  });

  test('tells the browser why there is no way', async () => {
    const kubernetes = await cluster();
    const port = await openLoopbackPort(router(kubernetes));
    closing.push(port);
    kubernetes.remove('pods', 'c1-a');
    expect(await fetchText(port.url)).toContain('502 Cluster c1 in namespace default has no JobManager pod.');
  });

  test('gives the upload of a jar the time that it takes', () => {
    expect(loopbackServer(() => Promise.reject(new Error('nobody is asked'))).requestTimeout).toBe(0);
  });

  test('refuses a port that is taken', async () => {
    const kubernetes = await cluster();
    const taken = await httpServer('somebody else');
    await expect(openLoopbackPort(router(kubernetes), { port: taken })).rejects.toThrow(`Port ${taken} on 127.0.0.1 is already in use.`);
  });

  test('is opened once per cluster, even if asked for twice at once, and closed with its handle', async () => {
    const kubernetes = await cluster();
    const handle = createClusterHandle({
      kubernetes,
      flink: fakeFlink(),
      clock: new FakeClock(),
      clusterId: 'c1',
      namespace: 'default',
      router: router(kubernetes),
    });
    const signal = new AbortController().signal;
    const [{ url }, second] = await Promise.all([handle.openPort(undefined, signal), handle.openPort(undefined, signal)]);
    expect(second).toEqual({ url, others: [] });
    expect(await handle.openPort(undefined, signal)).toEqual({ url, others: [] });
    const free = await httpServer('for its number');
    await closing.pop()?.[Symbol.asyncDispose]();
    const asked = await Promise.all([free, free].map((port) => handle.openPort(port, signal)));
    expect(asked).toEqual([free, free].map((port) => ({ url: `http://127.0.0.1:${port}`, others: [url] })));
    await handle[Symbol.asyncDispose]();
    await expect(fetchText(url)).rejects.toThrow('ECONNREFUSED');
  });

  test('stays open when another one is opened, and that is reported', async () => {
    const kubernetes = await cluster();
    const handle = createClusterHandle({
      kubernetes,
      flink: fakeFlink(),
      clock: new FakeClock(),
      clusterId: 'c1',
      namespace: 'default',
      router: router(kubernetes),
    });
    closing.push(handle);
    const signal = new AbortController().signal;
    const first = await handle.openPort(undefined, signal);
    const free = await httpServer('for its number');
    await closing.pop()?.[Symbol.asyncDispose]();
    const second = await handle.openPort(free, signal);
    expect(second).toEqual({ url: `http://127.0.0.1:${free}`, others: [first.url] });
    expect([await fetchText(first.url), await fetchText(second.url)]).toEqual(['200 from a', '200 from a']);
  });

  const own = (port: number): object => ({ Host: `127.0.0.1:${port}` });
  const askers: readonly (readonly [name: string, status: number, headers: (port: number) => object, method?: string, path?: string])[] = [
    ['a program', 200, own],
    ['localhost', 200, (port) => ({ Host: `LOCALHOST:${port}` })],
    ['a page of this port', 200, (port) => ({ ...own(port), Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' }), 'POST'],
    [
      'an address that was typed',
      200,
      (port) => ({ ...own(port), 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' }),
      'GET',
      '/jobs',
    ],
    ['a link to it elsewhere', 200, (port) => ({ ...own(port), 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }), 'GET', '/'],
    ['a name that somebody lets lead here', 403, () => ({ Host: 'rebind.attacker.example' })],
    ['a name with the right port', 403, (port) => ({ Host: `attacker.example:${port}` })],
    ['the port of a tunnel that leads here', 200, () => ({ Host: '127.0.0.1:1' })],
    ['a page of somebody else', 403, (port) => ({ ...own(port), Origin: 'http://attacker.example' })],
    [
      'a page of somebody else that uploads',
      403,
      (port) => ({ ...own(port), Origin: 'http://attacker.example', 'Content-Type': 'multipart/form-data; boundary=x' }),
      'POST',
      '/jars/upload',
    ],
    ['a page of another port of this machine', 403, (port) => ({ ...own(port), Origin: 'http://127.0.0.1:1' }), 'POST'],
    ['a page without an origin', 403, (port) => ({ ...own(port), Origin: 'null' }), 'POST'],
    [
      'an image of a page of somebody else',
      403,
      (port) => ({ ...own(port), 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }),
      'GET',
      '/jobs/a/yarn-cancel',
    ],
    [
      'a link elsewhere that does something',
      403,
      (port) => ({ ...own(port), 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }),
      'GET',
      '/jobs/a/yarn-cancel',
    ],
    ['a WebSocket', 501, (port) => ({ ...own(port), Connection: 'Upgrade', Upgrade: 'websocket' })],
  ];
  test.each(askers.map(([name, status, headers, method = 'GET', path = '/']) => ({ name, status, headers, method, path })))(
    'answers $name with $status',
    async ({ status, headers, method, path }) => {
      const kubernetes = await cluster();
      const port = await openLoopbackPort(router(kubernetes));
      closing.push(port);
      const answered = await new Promise<number | undefined>((resolve, reject) => {
        request(
          { host: '127.0.0.1', port: port.port, method, path, agent: false, headers: headers(port.port) as Record<string, string> },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        )
          .on('error', reject)
          .end();
      });
      expect(answered).toBe(status);
    },
  );

  test('asks anew for each request of a connection: a browser uses one for all pages', async () => {
    const kubernetes = await cluster();
    const port = await openLoopbackPort(router(kubernetes));
    closing.push(port);
    const socket = connect(port.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    const host = `Host: 127.0.0.1:${port.port}\r\n`;
    socket.write(
      `GET / HTTP/1.1\r\n${host}\r\nPOST /jars/upload HTTP/1.1\r\n${host}Origin: http://attacker.example\r\nContent-Length: 0\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
    expect(text).toContain('This port does not accept requests from pages of http://attacker.example.');
    expect(kubernetes.log.filter((line) => line.startsWith('FORWARD'))).toHaveLength(1);
  });
});
