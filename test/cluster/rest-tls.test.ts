import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, smallCluster, testNamespace, type Ended, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const clusterId = 'behind-tls';
const stores = join(import.meta.dirname, '../cli/stores');
const password = 'changeit';

let namespace: TestNamespace;

/** The settings of a client that knows the certificate of the REST endpoint and has one of its own. */
const settings = (): readonly string[] => [
  `-Dkubernetes.namespace=${namespace.name}`,
  '-Dsecurity.ssl.rest.enabled=true',
  '-Dsecurity.ssl.rest.authentication-enabled=true',
  `-Dsecurity.ssl.rest.truststore=${stores}/trust.p12`,
  `-Dsecurity.ssl.rest.truststore-password=${password}`,
  `-Dsecurity.ssl.rest.keystore=${stores}/client.p12`,
  `-Dsecurity.ssl.rest.keystore-password=${password}`,
];
const list = (...words: readonly string[]): Promise<Ended> =>
  run('flink', ['list', '-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, ...settings(), ...words]);

beforeAll(async () => {
  namespace = await testNamespace('tls');
  // The JobManager trusts the clients' certificate, and shows its own.
  await namespace.kubectl(
    'create',
    'secret',
    'generic',
    'stores',
    `--from-file=key.p12=${stores}/server.p12`,
    `--from-file=trust.p12=${stores}/trusted-clients.p12`,
  );
  const deployed = await run('kubernetes-session.sh', [
    `-Dkubernetes.cluster-id=${clusterId}`,
    ...smallCluster(namespace.name),
    '-Dkubernetes.secrets=stores:/stores',
    '-Dsecurity.ssl.rest.enabled=true',
    '-Dsecurity.ssl.rest.authentication-enabled=true',
    '-Dsecurity.ssl.rest.keystore=/stores/key.p12',
    `-Dsecurity.ssl.rest.keystore-password=${password}`,
    `-Dsecurity.ssl.rest.key-password=${password}`,
    '-Dsecurity.ssl.rest.truststore=/stores/trust.p12',
    `-Dsecurity.ssl.rest.truststore-password=${password}`,
  ]);
  expect(deployed.code, deployed.stderr).toBe(0);
  await namespace.kubectl('rollout', 'status', `deployment/${clusterId}`, '--timeout=180s');
  await eventually('it answers', async () => (await list()).code === 0);
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
});

test('a REST endpoint behind TLS with certificates on both sides is reached through the API server', async () => {
  expect(await list()).toMatchObject({
    code: 0,
    stdout: `Retrieve flink cluster ${clusterId} successfully, JobManager Web Interface: https://${clusterId}-rest.${namespace.name}:8081\nWaiting for response...\nNo running jobs.\nNo scheduled jobs.\n`,
  });
  expect(await run('drey', ['jobs', clusterId, '-n', namespace.name, '-o', 'json', ...settings()])).toMatchObject({
    code: 0,
    stdout: '[]\n',
  });
});

test('a client without a certificate, or without trust, is reported at once', async () => {
  const refusals = [
    ['-Dsecurity.ssl.rest.authentication-enabled=false', /does not accept this client/],
    [`-Dsecurity.ssl.rest.truststore=${stores}/client.pem`, /is not trusted/],
  ] as const;
  for (const [setting, sentence] of refusals) {
    const { code, stderr } = await list(setting);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('is asked again');
  }
});
