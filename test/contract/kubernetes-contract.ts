import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONFIG_MAPS, NAMESPACES, PODS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { seen } from '../support/fake-clock.ts';
import { logSink, reason, watchSink } from '../kubernetes/sinks.ts';

/** A server to hold the client against, and a pod on it that runs, writes a log and answers HTTP. */
export interface ContractTarget {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Answers `GET path` with 200. */
  readonly port: number;
  readonly path: string;
  close(): Promise<void>;
}

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Problem)) throw new Error(`a Problem was expected, and not ${String(outcome)}`);
  return outcome;
}

/** What drey relies on of a Kubernetes API server, whichever it is. */
export function kubernetesContract(server: string, open: () => Promise<ContractTarget>): void {
  describe(`the Kubernetes client on ${server}`, () => {
    let target: ContractTarget;
    let client: KubernetesClient;
    const run = `contract-${process.pid}`;
    const labels = { 'drey.test/run': run };
    const labelSelector = `drey.test/run=${run}`;
    const address = (configMap: string) => ({ resource: CONFIG_MAPS, namespace: target.namespace, name: configMap });
    const configMap = (suffix: string, data: Readonly<Record<string, string>> = {}): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${run}-${suffix}`, labels },
      data,
    });

    beforeAll(async () => {
      target = await open();
      client = target.client;
    });
    afterAll(async () => {
      const left = await client.list(CONFIG_MAPS, { namespace: target.namespace, labelSelector });
      await Promise.all(left.map((item) => client.delete(address(item.metadata?.name ?? '')).catch(() => {}))); // Owned ones may go by themselves.
      await target.close();
    });

    test('the server has a version', async () => {
      expect(await client.version()).toMatch(/^v1\.\d+/);
    });

    test('an object lives: created, read, patched, replaced, deleted', async () => {
      const made = await client.create<ConfigMap>(CONFIG_MAPS, target.namespace, configMap('life', { a: '1' }));
      expect(made.metadata).toMatchObject({ name: `${run}-life`, namespace: target.namespace, labels });
      expect(made.metadata?.uid).toBeTruthy();
      const merged = await client.patch<ConfigMap>(address(`${run}-life`), { data: { b: '2' } }, 'merge');
      expect(merged.data).toEqual({ a: '1', b: '2' });
      const stale = await problemOf(client.replace<ConfigMap>(address(`${run}-life`), { ...made, data: { a: 'stale' } }));
      expect(stale.kind).toBe('conflict');
      const replaced = await client.replace<ConfigMap>(address(`${run}-life`), { ...merged, data: { c: '3' } });
      expect(replaced.data).toEqual({ c: '3' });
      expect(await client.get<ConfigMap>(address(`${run}-life`))).toEqual(replaced);
      await client.delete(address(`${run}-life`), { uid: made.metadata?.uid ?? '' });
      expect((await problemOf(client.get(address(`${run}-life`)))).kind).toBe('not-found');
    });

    test('what cannot be is refused, each in its kind', async () => {
      await client.create(CONFIG_MAPS, target.namespace, configMap('kinds'));
      expect((await problemOf(client.create(CONFIG_MAPS, target.namespace, configMap('kinds')))).kind).toBe('conflict');
      expect((await problemOf(client.delete(address(`${run}-nobody`)))).kind).toBe('not-found');
      expect(
        (await problemOf(client.create(CONFIG_MAPS, target.namespace, { ...configMap('x'), metadata: { name: 'Not_A_Name' } }))).kind,
      ).toBe('invalid');
      expect((await problemOf(client.delete(address(`${run}-kinds`), { uid: 'another' }))).kind).toBe('conflict');
      await client.delete(address(`${run}-kinds`));
    });

    test('a dry run checks, and leaves nothing', async () => {
      await client.create(CONFIG_MAPS, target.namespace, configMap('dry'), { dryRun: true });
      expect((await problemOf(client.get(address(`${run}-dry`)))).kind).toBe('not-found');
    });

    test('a list of more than one page is whole', async () => {
      const paged = { 'drey.test/run': `${run}-paged` };
      const suffixes = Array.from({ length: 520 }, (_, i) => `page-${i}`);
      const make = (suffix: string): Promise<unknown> =>
        client.create(
          CONFIG_MAPS,
          target.namespace,
          { ...configMap(suffix), metadata: { name: `${run}-${suffix}`, labels: paged } },
          { timeoutMs: 60_000 },
        );
      await Promise.all(suffixes.map(make));
      const found = await client.list(CONFIG_MAPS, { namespace: target.namespace, labelSelector: `drey.test/run=${run}-paged` });
      expect(found.map((item) => item.metadata?.name).toSorted()).toEqual(suffixes.map((suffix) => `${run}-${suffix}`).toSorted());
      await Promise.all(suffixes.map((suffix) => client.delete(address(`${run}-${suffix}`), { timeoutMs: 60_000 })));
      // A thousand requests, on a machine that has other things to do.
    }, 120_000);

    test('what is not namespaced is listed, and all namespaces at once', async () => {
      expect((await client.list(NAMESPACES)).map((item) => item.metadata?.name)).toContain(target.namespace);
      expect((await client.list(PODS)).map((item) => item.metadata?.name)).toContain(target.pod);
      expect(await client.list(PODS, { namespace: target.namespace, fieldSelector: `metadata.name=${target.pod}` })).toHaveLength(1);
    });

    test('a watch begins with what is there and tells what happens', async () => {
      await client.create(CONFIG_MAPS, target.namespace, configMap('watch-a'));
      const sink = watchSink();
      const abort = new AbortController();
      const ended = client.listAndWatch(
        CONFIG_MAPS,
        { namespace: target.namespace, labelSelector, signal: abort.signal },
        (raw) => raw.metadata?.name?.slice(run.length + 1) ?? '',
        sink,
      );
      await seen(() => sink.statuses.at(-1)?.state === 'live');
      expect([...sink.names]).toEqual(['watch-a']);
      await client.create(CONFIG_MAPS, target.namespace, configMap('watch-b'));
      await client.patch(address(`${run}-watch-a`), { data: { x: 'y' } }, 'merge');
      await client.delete(address(`${run}-watch-a`));
      await seen(() => sink.told.some((told) => told.startsWith('gone')));
      expect(sink.told.filter((told) => /^(seen|gone)/.test(told)).join(' ')).toBe('seen watch-b seen watch-a gone watch-a');
      abort.abort();
      await ended;
      await client.delete(address(`${run}-watch-b`));
    });

    test('what is owned goes with its owner', async () => {
      const owner = await client.create(CONFIG_MAPS, target.namespace, configMap('owner'));
      const { name: ownerName = '', uid = '' } = owner.metadata ?? {};
      await client.create(CONFIG_MAPS, target.namespace, {
        ...configMap('owned'),
        metadata: {
          name: `${run}-owned`,
          labels,
          ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: ownerName, uid, controller: true, blockOwnerDeletion: true }],
        },
      });
      const sink = watchSink();
      const abort = new AbortController();
      const ended = client.listAndWatch(
        CONFIG_MAPS,
        { namespace: target.namespace, labelSelector, signal: abort.signal },
        (raw) => raw.metadata?.name ?? '',
        sink,
      );
      await seen(() => sink.names.has(`${run}-owned`));
      await client.delete(address(ownerName), { propagation: 'Background' });
      await seen(() => !sink.names.has(`${run}-owned`));
      expect(sink.names.has(ownerName)).toBe(false);
      abort.abort();
      await ended;
    });

    test('a log is read and followed, with stamps that grow', async () => {
      const request = { namespace: target.namespace, pod: target.pod, container: target.container };
      const read = logSink();
      await client.followLog({ ...request, tailLines: 3, follow: false }, read, new AbortController().signal);
      expect(read.texts.length).toBeGreaterThan(0);
      expect(read.texts.length).toBeLessThanOrEqual(3);
      expect(read.statuses.at(-1)).toEqual({ state: 'ended' });

      const followed = logSink();
      const abort = new AbortController();
      const ended = client.followLog({ ...request, tailLines: 1 }, followed, abort.signal);
      await seen(() => followed.texts.length >= 3);
      abort.abort();
      await ended;
      const stamps = followed.stamps;
      expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
      expect(Math.abs(Date.now() - (stamps.at(-1) ?? 0))).toBeLessThan(3_600_000);
    });

    test('a log that does not exist is reported', async () => {
      const nobody = logSink();
      await client.followLog({ namespace: target.namespace, pod: `${run}-nobody` }, nobody, new AbortController().signal);
      expect(reason(nobody.statuses)).toContain(`"${run}-nobody" not found`);
      const container = logSink();
      await client.followLog(
        { namespace: target.namespace, pod: target.pod, container: 'nobody' },
        container,
        new AbortController().signal,
      );
      expect(reason(container.statuses)).toContain('container nobody is not valid for pod');
    });

    test('a port of the pod answers', async () => {
      for (let round = 0; round < 3; round++) {
        const connection = await client.portForward({ namespace: target.namespace, name: target.pod }, target.port);
        connection.write(`GET ${target.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
        let answer = '';
        for await (const chunk of connection) answer += String(chunk);
        expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      }
    });

    test('a port on which nothing listens is an error with the name of the pod', async () => {
      const connection = await client.portForward({ namespace: target.namespace, name: target.pod }, 9);
      const problem = await new Promise<unknown>((resolve) => connection.once('error', resolve));
      expect(problem).toMatchObject({ kind: 'unreachable', message: `Port 9 of pod ${target.pod} refuses connections.` });
    });

    test('a command runs in the container, and has an exit code', async () => {
      let output = '';
      const code = await client.exec({
        namespace: target.namespace,
        pod: target.pod,
        container: target.container,
        command: ['sh', '-c', 'echo hello; exit 3'],
        onStdout: (chunk) => void (output += Buffer.from(chunk).toString()),
      });
      expect([code, output]).toEqual([3, 'hello\n']);
    });

    test('forwarding to a pod that does not exist is refused', async () => {
      expect((await problemOf(client.portForward({ namespace: target.namespace, name: `${run}-nobody` }, 8081))).kind).toBe('not-found');
    });

    test('the server says what this user may do', async () => {
      expect(await client.can({ verb: 'delete', group: 'apps', resource: 'deployments', namespace: target.namespace })).toMatchObject({
        allowed: true,
      });
    });
  });
}
