import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNodePod } from './node-pod.ts';
import { examples, jobManagerPod, run, smallCluster, testNamespace, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

/** Lines and files of Flink's documentation that need more around them than a cluster: a server to fetch from, its certificate. */

const image = process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0';
const folder = mkdtempSync(join(tmpdir(), 'drey-documented-'));
const password = 'changeit';

/** Milliseconds. A JVM starts slowly where little CPU is left. */
const patience = 300_000;

let namespace: TestNamespace;
/** What is in `folder`, by https on port 8443 and by http on port 8080. */
let server: string;

beforeAll(async () => {
  namespace = await testNamespace('documented');
  copyFileSync(join(examples, 'jobs/StatefulCounter.jar'), join(folder, 'my-flink-job.jar'));
  const files = `(request, response) => fs.createReadStream('/served/folder' + request.url).on('error', () => response.writeHead(404).end()).pipe(response)`;
  const script = (module: string, options: string, port: number) =>
    `const fs = require('node:fs'); require('node:${module}').createServer(${options}${files}).listen(${port}, '0.0.0.0')`;
  await startNodePod(namespace, { name: 'plain', port: 8080, folder, script: script('http', '', 8080) });
  // The certificate has the address of the Service, which is known before the pod that needs the certificate: the line of the documentation has an address.
  await namespace.kubectl('create', 'service', 'clusterip', 'secure', '--tcp=8443');
  server = (await namespace.kubectl('get', 'service', 'secure', '-o', 'jsonpath={.spec.clusterIP}')).trim();
  certify(server);
  await startNodePod(namespace, {
    name: 'secure',
    port: 8443,
    folder,
    script: script('https', `{ pfx: fs.readFileSync('/served/folder/server.p12'), passphrase: '${password}' }, `, 8443),
  });
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** `server.p12` for the server and `trust.p12` for who is to believe it. */
function certify(address: string): void {
  const keytool = (...args: readonly string[]) =>
    execFileSync('keytool', [...args, '-storepass', password, '-storetype', 'PKCS12'], { stdio: 'pipe' });
  keytool(
    '-genkeypair',
    '-keyalg',
    'EC',
    '-alias',
    'server',
    '-dname',
    'CN=files',
    '-ext',
    `san=ip:${address}`,
    '-keystore',
    join(folder, 'server.p12'),
  );
  keytool('-exportcert', '-alias', 'server', '-file', join(folder, 'server.crt'), '-keystore', join(folder, 'server.p12'));
  keytool('-importcert', '-noprompt', '-alias', 'server', '-file', join(folder, 'server.crt'), '-keystore', join(folder, 'trust.p12'));
}

/** What a process was started with: its environment and command line, an entry each. */
const started = async (pod: string): Promise<readonly string[]> =>
  (await namespace.kubectl('exec', pod, '-c', 'flink-main-container', '--', 'cat', '/proc/1/environ', '/proc/1/cmdline')).split('\0');

test(
  'a jar is fetched by https, and what is reported of variables and of the JVM is so in the pods',
  { timeout: 2 * patience },
  async () => {
    const clusterId = 'my-first-application-cluster';
    await namespace.kubectl('create', 'secret', 'generic', 'trust', `--from-file=${join(folder, 'trust.p12')}`);
    const plugin = 'flink-s3-fs-hadoop-2.3.0';
    const deployed = await run('flink', [
      'run',
      '--target',
      'kubernetes-application',
      `-Dkubernetes.cluster-id=${clusterId}`,
      ...smallCluster(namespace.name),
      '-Dkubernetes.secrets=trust:/opt/trust',
      `-Denv.java.opts.jobmanager=-Djavax.net.ssl.trustStore=/opt/trust/trust.p12 -Djavax.net.ssl.trustStorePassword=${password} -Dkubernetes.max.concurrent.requests=200`,
      '-Dcontainerized.master.env.KUBERNETES_MAX_CONCURRENT_REQUESTS=200',
      `-Dcontainerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS=${plugin}.jar`,
      `https://${server}:8443/my-flink-job.jar`,
    ]);
    expect(deployed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Create flink application cluster ${clusterId} successfully`),
    });
    const target = ['-t', 'kubernetes-application', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
    await eventually('the job runs', async () => (await run('flink', ['list', ...target])).stdout.includes('(RUNNING)'), patience);
    const jobManager = await jobManagerPod(namespace, clusterId);
    expect(await started(jobManager)).toEqual(
      expect.arrayContaining(['KUBERNETES_MAX_CONCURRENT_REQUESTS=200', '-Dkubernetes.max.concurrent.requests=200']),
    );
    expect(await namespace.kubectl('exec', jobManager, '--', 'ls', `/opt/flink/artifacts/${namespace.name}/${clusterId}`)).toBe(
      'my-flink-job.jar\n',
    );
    const taskManager = await eventually('a TaskManager runs', async () =>
      (
        await namespace.kubectl(
          'get',
          'pods',
          '-l',
          `app=${clusterId},component=taskmanager`,
          '--field-selector=status.phase=Running',
          '-o',
          'name',
        )
      ).trim(),
    );
    expect(await started(taskManager)).toContain(`ENABLE_BUILT_IN_PLUGINS=${plugin}.jar`);
    expect(await namespace.kubectl('exec', taskManager, '--', 'ls', '-R', '/opt/flink/plugins')).toContain(
      `/opt/flink/plugins/${plugin}:\n${plugin}.jar\n`,
    );
    expect(await run('drey', ['kill', clusterId, '-n', namespace.name, '--yes'])).toMatchObject({ code: 0 });
  },
);

/**
 * The pod template of the documentation, with what has to be changed for a cluster without an image registry and without the Internet: the images and the commands of the
 * init container (there is no wget in the image) and of the side container, and their places. Everything else, the volumes and their paths above all, is as it is printed.
 */
const template = () => `apiVersion: v1
kind: Pod
metadata:
  name: jobmanager-pod-template
spec:
  initContainers:
    - name: artifacts-fetcher
      image: ${image}
      # Use wget or other tools to get user jars from remote storage
      command: [ 'perl', '-MHTTP::Tiny', '-e', 'exit !HTTP::Tiny->new->mirror("http://plain:8080/my-flink-job.jar", "/flink-artifact/myjob.jar")->{success}' ]
      volumeMounts:
        - mountPath: /flink-artifact
          name: flink-artifact
  containers:
    # Do not change the main container name
    - name: flink-main-container
      resources:
        requests:
          ephemeral-storage: 2048Mi
        limits:
          ephemeral-storage: 2048Mi
      volumeMounts:
        - mountPath: /opt/flink/volumes/hostpath
          name: flink-volume-hostpath
        - mountPath: /opt/flink/artifacts
          name: flink-artifact
        - mountPath: /opt/flink/log
          name: flink-logs
      # Use sidecar container to push logs to remote storage or do some other debugging things
    - name: sidecar-log-collector
      image: ${image}
      command: [ 'bash', '-c', 'until ls /flink-logs/*.log; do sleep 1; done; exec tail -n +1 -F /flink-logs/*.log' ]
      volumeMounts:
        - mountPath: /flink-logs
          name: flink-logs
  volumes:
    - name: flink-volume-hostpath
      hostPath:
        path: /tmp
        type: Directory
    - name: flink-artifact
      emptyDir: { }
    - name: flink-logs
      emptyDir: { }
`;

test(
  'the pod template is refused as it is printed, and deploys with the artifacts of Flink elsewhere',
  { timeout: 2 * patience },
  async () => {
    const file = join(folder, 'pod-template.yaml');
    writeFileSync(file, template());
    const deploy = (...more: readonly string[]) =>
      run('flink', [
        'run',
        '--target',
        'kubernetes-application',
        '-Dkubernetes.cluster-id=templated',
        ...smallCluster(namespace.name),
        `-Dkubernetes.pod-template-file.default=${file}`,
        ...more,
        'local:///opt/flink/artifacts/myjob.jar',
      ]);
    // Since Flink 1.19 there is a volume of Flink's own at /opt/flink/artifacts, and Kubernetes takes one volume a path.
    const refused = await deploy();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'Two volumes are mounted at /opt/flink/artifacts, which Kubernetes refuses. Set user.artifacts.base-dir to another path.',
    );
    expect(refused.stderr).toContain('must be unique');
    expect(await namespace.kubectl('get', 'deployments,services,configmaps', '-l', 'app=templated', '-o', 'name')).toBe('');

    expect(await deploy('-Duser.artifacts.base-dir=/opt/flink/fetched')).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('refuses'),
    });
    const target = ['-t', 'kubernetes-application', '-Dkubernetes.cluster-id=templated', `-Dkubernetes.namespace=${namespace.name}`];
    // It runs the jar that the init container fetched, and the TaskManager comes from the same template.
    await eventually('the job runs', async () => (await run('flink', ['list', ...target])).stdout.includes('(RUNNING)'), patience);
    const pods = await eventually('both pods run', async () => {
      const names = (
        await namespace.kubectl(
          'get',
          'pods',
          '-l',
          'app=templated',
          '--field-selector=status.phase=Running',
          '-o',
          'jsonpath={range .items[*]}{.metadata.name} {end}',
        )
      )
        .trim()
        .split(' ');
      return names.length === 2 ? names : undefined;
    });
    for (const pod of pods) {
      expect(
        await namespace.kubectl(
          'get',
          'pod',
          pod,
          '-o',
          'jsonpath={.spec.containers[?(@.name=="flink-main-container")].resources.limits.ephemeral-storage}',
        ),
      ).toBe('2Gi');
      await eventually(`the side container of ${pod} reads the log`, async () =>
        (await namespace.kubectl('logs', pod, '-c', 'sidecar-log-collector')).includes('INFO  org.apache.flink'),
      );
    }
    expect(await run('drey', ['kill', 'templated', '-n', namespace.name, '--yes'])).toMatchObject({ code: 0 });
  },
);
