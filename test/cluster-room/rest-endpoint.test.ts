import { describe, expect, test } from 'vitest';
import { fetchRestEndpoint } from '../../src/cluster/endpoint/rest-endpoint.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';
import { aNode, aRestService } from './objects.ts';

const cluster = { clusterId: 'c1', namespace: 'default' };
const nodePort = { type: 'NodePort', ports: [{ name: 'rest', port: 8081, targetPort: 8081, nodePort: 30001 }] };
const loadBalancer = { type: 'LoadBalancer', ports: [{ name: 'rest', port: 8081, targetPort: 8081, nodePort: 30001 }] };

async function endpoint(service: ReturnType<typeof aRestService>, nodes: readonly ReturnType<typeof aNode>[] = [], options = {}) {
  return fetchRestEndpoint(new FakeKubernetes([service, ...nodes]), cluster, options);
}

describe('the address that Flink prints', () => {
  test('is a name inside the cluster for ClusterIP, and no node is asked for', async () => {
    const kubernetes = new FakeKubernetes([aRestService()]);
    expect(await fetchRestEndpoint(kubernetes, cluster)).toMatchObject({
      url: 'http://c1-rest.default:8081',
      exposure: 'ClusterIP',
      warnings: [],
    });
    expect(kubernetes.log).toEqual(['GET services/default/c1-rest']);
  });

  test('is the same for a headless Service', async () => {
    expect(await endpoint(aRestService('c1', { clusterIP: 'None' }))).toMatchObject({
      url: 'http://c1-rest.default:8081',
      exposure: 'Headless_ClusterIP',
    });
  });

  test('begins with https when REST is encrypted', async () => {
    expect((await endpoint(aRestService(), [], { https: true })).url).toBe('https://c1-rest.default:8081');
  });

  test('is the first schedulable node with its node port for NodePort', async () => {
    const nodes = [
      aNode('n1', [['InternalIP', '10.0.0.1']], { unschedulable: true }),
      aNode('n2', [
        ['Hostname', 'n2'],
        ['InternalIP', '10.0.0.2'],
      ]),
    ];
    expect((await endpoint(aRestService('c1', nodePort), nodes)).url).toBe('http://10.0.0.2:30001');
  });

  test('is the external address of a node when that is asked for', async () => {
    const nodes = [
      aNode('n1', [['InternalIP', '10.0.0.1']]),
      aNode('n2', [
        ['InternalIP', '10.0.0.2'],
        ['ExternalIP', '203.0.113.2'],
      ]),
    ];
    expect((await endpoint(aRestService('c1', nodePort), nodes, { addressType: 'ExternalIP' })).url).toBe('http://203.0.113.2:30001');
  });

  test('is unknown, with the reason, when no node has such an address', async () => {
    const found = await endpoint(aRestService('c1', nodePort), [aNode('n1', [['InternalIP', '10.0.0.1']])], { addressType: 'ExternalIP' });
    expect(found.url).toBeUndefined();
    expect(found.warnings.join()).toContain('ExternalIP (kubernetes.rest-service.exposed.node-port-address-type)');
  });

  test('is unknown, with the reason, if the nodes may not be listed', async () => {
    const kubernetes = new FakeKubernetes([aRestService('c1', nodePort)]);
    kubernetes.fault = ({ what }) => (what.startsWith('nodes') ? new Problem('forbidden', 'forbidden: list nodes.') : undefined);
    const found = await fetchRestEndpoint(kubernetes, cluster);
    expect([found.url, found.warnings]).toEqual([undefined, ['The address of a node could not be looked up: forbidden: list nodes.']]);
  });

  test('is the load balancer, by IP or by name', async () => {
    expect(
      (await endpoint(aRestService('c1', loadBalancer, { loadBalancer: { ingress: [{ ip: '198.51.100.1' }, { ip: '198.51.100.2' }] } })))
        .url,
    ).toBe('http://198.51.100.1:8081');
    expect((await endpoint(aRestService('c1', loadBalancer, { loadBalancer: { ingress: [{ hostname: 'lb.example' }] } }))).url).toBe(
      'http://lb.example:8081',
    );
  });

  test('is a node with the port of the Service, and a warning, while the load balancer is pending', async () => {
    const found = await endpoint(aRestService('c1', loadBalancer), [aNode('n1', [['InternalIP', '10.0.0.1']])]);
    expect(found.url).toBe('http://10.0.0.1:8081');
    expect(found.warnings.join()).toContain('no address yet');
    // Not from the network of the nodes: nothing listens on that port there.
    expect(found.reach).toBe('from nowhere yet; drey goes through the API server');
  });

  test('puts an IPv6 address in brackets', async () => {
    expect((await endpoint(aRestService('c1', nodePort), [aNode('n1', [['InternalIP', 'fd00::1']])])).url).toBe('http://[fd00::1]:30001');
  });
});

test('a Service without a port named rest is refused by name', async () => {
  await expect(endpoint(aRestService('c1', { ports: [{ name: 'http', port: 8081 }] }))).rejects.toThrow(
    'Failed to find port "rest" in Service "c1-rest"',
  );
});

test('a cluster without a REST Service is not found, by name', async () => {
  await expect(fetchRestEndpoint(new FakeKubernetes(), cluster)).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('Could not get the rest endpoint of c1'),
  });
});
