import { describe, expect, test } from 'vitest';
import { flinkConfig } from '../../src/config/flink-config.ts';
import { readConfigYaml } from '../../src/config/load.ts';
import { applicationConfig, type ProgramOptions } from '../../src/cluster/manifests/application-config.ts';
import { build, dataOf, mainOf, podOf } from './build.ts';

const config = (options: Parameters<typeof build>[0], request: Parameters<typeof build>[2] = {}) =>
  readConfigYaml(dataOf(build(options, {}, request), 'flink-config-c1')?.['config.yaml'] ?? '');

describe('the objects in their order', () => {
  const kinds = (made: ReturnType<typeof build>) => made.owned.map(({ resource, body }) => `${resource.plural}/${body.metadata?.name}`);

  test('without high availability there are two Services', () => {
    expect(kinds(build({}))).toEqual(['services/c1', 'services/c1-rest', 'configmaps/flink-config-c1']);
  });

  test('with it there is one, and the address stays as it is', () => {
    const options = { 'high-availability.type': 'kubernetes', 'jobmanager.rpc.address': 'localhost' };
    expect(kinds(build(options))).toEqual(['services/c1-rest', 'configmaps/flink-config-c1']);
    expect(config(options).get('jobmanager.rpc.address')).toBe('localhost');
    expect(config({}).get('jobmanager.rpc.address')).toBe('c1.default');
  });

  test('everything at once', () => {
    const files = { '/k/my.keytab': 'key', '/k/krb5.conf': 'conf', '/h/core-site.xml': 'core', '/t': 'metadata: {}' };
    const options = {
      'security.kerberos.login.keytab': '/k/my.keytab',
      'security.kerberos.login.principal': 'p',
      'security.kerberos.krb5-conf.path': '/k/krb5.conf',
      'kubernetes.pod-template-file.default': '/t',
    };
    const made = build(options, files, { env: { HADOOP_CONF_DIR: '/h' } });
    expect(kinds(made)).toEqual([
      'services/c1',
      'services/c1-rest',
      'configmaps/hadoop-config-c1',
      'secrets/kerberos-keytab-c1',
      'configmaps/kerberos-krb5conf-c1',
      'configmaps/flink-config-c1',
      'configmaps/pod-template-c1',
    ]);
    expect(dataOf(made, 'kerberos-keytab-c1')).toEqual({ 'my.keytab': Buffer.from('key').toString('base64') });
    expect(made.effectiveConfig.raw('security.kerberos.login.keytab')).toBe('/opt/kerberos/kerberos-keytab/my.keytab');
  });
});

describe('what differs between Flink versions', () => {
  const files = { '/conf/log4j.properties': 'a', '/conf/log4j-console.properties': 'b', '/conf/logback-console.xml': 'c' };
  const at = (flinkVersion: string, options: Parameters<typeof build>[0] = {}, format: 'config.yaml' | 'flink-conf.yaml' = 'config.yaml') =>
    build({ '$internal.deployment.config-dir': '/conf', ...options }, files, { flinkVersion, format });
  const filesOf = (made: ReturnType<typeof build>) => Object.keys(dataOf(made, 'flink-config-c1') ?? {});

  test.each([
    ['2.3', 'apache/flink:2.3.0-scala_2.12'],
    ['1.20', 'apache/flink:1.20.3-scala_2.12'],
    ['1.18', 'apache/flink:1.18.1-scala_2.12'],
  ])('the image of %s is %s', (version, image) => {
    expect(mainOf(at(version))['image']).toBe(image);
  });

  test('seven logging files from 2.1 on, two before', () => {
    expect(filesOf(at('2.1'))).toEqual(['log4j.properties', 'logback-console.xml', 'log4j-console.properties', 'config.yaml']);
    expect(filesOf(at('2.0'))).toEqual(['logback-console.xml', 'log4j-console.properties', 'config.yaml']);
  });

  test('the file has the name and the format that the version reads', () => {
    const data = dataOf(at('1.18', { 'jobmanager.rpc.port': '6123' }, 'flink-conf.yaml'), 'flink-config-c1');
    expect(data?.['flink-conf.yaml']).toContain('jobmanager.rpc.port: 6123\n');
    expect(data?.['config.yaml']).toBeUndefined();
  });

  test('the volume for artifacts is there from 1.19 on', () => {
    const volumes = (version: string) => podOf(at(version)).spec.volumes.map((volume) => volume.name);
    expect(volumes('1.19')).toContain('user-artifacts-volume');
    expect(volumes('1.18')).not.toContain('user-artifacts-volume');
  });

  test('labels of Services from 2.2 on, annotations of the internal one from 1.20 on, claims from 2.3 on', () => {
    const options = {
      'kubernetes.rest-service.labels': 'a:b',
      'kubernetes.internal-service.annotations': 'c:d',
      'kubernetes.persistent-volume-claims': 'p:/p',
    };
    const seen = (version: string) => {
      const made = at(version, options);
      const metadata = (name: string) => made.owned.find(({ body }) => body.metadata?.name === name)?.body.metadata;
      return [
        metadata('c1-rest')?.labels?.['a'],
        metadata('c1')?.annotations?.['c'],
        podOf(made).spec.volumes.some((volume) => volume.name === 'p-pvc'),
      ];
    };
    expect([seen('2.3'), seen('2.2'), seen('2.1'), seen('1.20'), seen('1.19')]).toEqual([
      ['b', 'd', true],
      ['b', 'd', false],
      [undefined, 'd', false],
      [undefined, 'd', false],
      [undefined, undefined, false],
    ]);
  });
});

describe('keys that stay on this machine', () => {
  test('bind addresses, kubeconfig and the version', () => {
    const sent = config({
      'kubernetes.config.file': 'k',
      'rest.bind-address': 'x',
      'web.address': 'y',
      'jobmanager.bind-host': 'z',
      'taskmanager.bind-host': 'z',
      'taskmanager.host': 'h',
      'drey.flink-version': '2.3',
      'kubernetes.context': 'kept',
    });
    expect([...sent.keys()].filter((key) => /bind|config\.file|taskmanager\.host|drey/.test(key))).toEqual([]);
    expect(sent.get('kubernetes.context')).toBe('kept');
    expect(sent.get('web.address')).toBe('y');
  });
});

describe('refused before anything is sent', () => {
  test.each([
    [{ 'kubernetes.cluster-id': 'a'.repeat(46) }, 'must be no more than 45 characters'],
    [{ 'kubernetes.cluster-id': ' ' }, 'must not be blank'],
    [{ 'kubernetes.cluster-id': 'My_Cluster' }, 'cannot be the name of a Service'],
    [{ 'kubernetes.cluster-id': '1a' }, 'cannot be the name of a Service'],
    [{ 'kubernetes.namespace': '' }, 'kubernetes.namespace must not be blank'],
    [{ 'kubernetes.namespace': 'Team_A' }, 'cannot be a namespace'],
    [{ 'kubernetes.jobmanager.labels': 'a:b c' }, "the value 'b c' of 'a' is not a label value"],
    [{ 'kubernetes.taskmanager.labels': 'a_:b' }, "the key 'a_'"],
    [{ 'kubernetes.rest-service.annotations': 'a/b/c:d' }, "more than one '/'"],
    [{ 'kubernetes.jobmanager.replicas': '0' }, 'should not be configured less than one'],
    [{ 'kubernetes.jobmanager.replicas': '2' }, 'High availability should be enabled when starting standby JobManagers.'],
    [{ 'blob.server.port': '50100-50200' }, 'blob.server.port should be specified to a fixed port'],
    [{ 'rest.bind-port': '8081-8090' }, 'rest.bind-port should be specified to a fixed port'],
    [{ 'kubernetes.jobmanager.cpu.amount': '-1' }, 'should be a number of cores'],
    [{ 'kubernetes.jobmanager.cpu.amount': 'NaN' }, 'should be a number of cores'],
    [{ 'taskmanager.numberOfTaskSlots': '0' }, 'positive number of CPU cores'],
    [{ 'kubernetes.container.image.ref': '' }, 'must not be empty'],
    [{ 'security.kerberos.login.principal': 'p' }, 'either both keytab and principal must be defined, or neither'],
    [{ 'security.kerberos.login.principal': 'p', 'security.kerberos.login.keytab': '/none' }, 'keytab [/none]'],
    [{ 'high-availability': 'zookeeper' }, 'cannot hold both'],
    [{ 'execution.attached': 'maybe' }, 'execution.attached'],
    [{ 'kubernetes.persistent-volume-claims': 'Data_Claim:/data' }, "PVC name 'Data_Claim' is invalid"],
    [{ 'kubernetes.persistent-volume-claims': 'data:rel' }, "'rel' must be an absolute path"],
    [{ 'kubernetes.persistent-volume-claims': 'a:/d,b:/d' }, "Duplicate mount path detected: '/d'"],
    [{ 'kubernetes.persistent-volume-claims': 'a.b:/a,a-b:/b' }, "The volume name 'a-b-pvc'"],
    [{ 'kubernetes.jobmanager.tolerations': 'key:a,tolerationSeconds:x' }, "tolerationSeconds 'x'"],
  ] as readonly (readonly [Record<string, string>, string])[])('%j: %s', (options, reason) => {
    expect(() => build(options)).toThrow(reason);
  });
});

describe('said beforehand, and sent as it is', () => {
  test.each([
    [{ 'kubernetes.env.secretKeyRef': 'env:A,secret:s' }, 'kubernetes.env.secretKeyRef: the entry A has no key, which Kubernetes refuses.'],
    [
      { 'kubernetes.secrets': 'my.secret:/x' },
      "kubernetes.secrets: the volume of the Secret 'my.secret' would be called my.secret-volume, which Kubernetes refuses; use a pod template.",
    ],
    [
      { 'kubernetes.secrets': 'a:/opt/flink/artifacts' },
      'Two volumes are mounted at /opt/flink/artifacts, which Kubernetes refuses. Set user.artifacts.base-dir to another path.',
    ],
    [
      { 'kubernetes.jobmanager.tolerations': 'key:a,bogus:x' },
      "kubernetes.jobmanager.tolerations: 'bogus' is not a field of a toleration and was ignored.",
    ],
    [
      { 'kubernetes.jobmanager.owner.reference': 'name:a,uid:b,other:x' },
      "kubernetes.jobmanager.owner.reference: 'other' is not a field of an owner reference and was ignored.",
    ],
    [{ 'kubernetes.clusterid': 'x' }, 'kubernetes.clusterid is not an option of Flink; did you mean kubernetes.cluster-id?'],
  ] as readonly (readonly [Record<string, string>, string])[])('%j', (options, notice) => {
    expect(build(options).notices).toContain(notice);
  });

  test('nothing is reported of an ordinary cluster', () => {
    expect(build({ 'kubernetes.namespace': 'team-a', 'kubernetes.jobmanager.labels': 'team:data', 'my.own': 'x' }).notices).toEqual([]);
  });
});

describe('an application', () => {
  const program: ProgramOptions = {
    jar: 'local:///opt/a.jar',
    entryClass: undefined,
    arguments: [],
    classpaths: [],
    parallelism: undefined,
    detached: false,
    shutdownOnAttachedExit: false,
    savepoint: { path: undefined, allowNonRestoredState: false, claimMode: undefined },
    python: undefined,
  };
  const of = (changes: Partial<ProgramOptions>, flinkVersion = '2.3') => {
    const made = applicationConfig(
      flinkConfig([
        ['parallelism.default', '9'],
        ['execution.attached', 'false'],
      ]),
      { ...program, ...changes },
      { cwd: '/home', flinkVersion },
    );
    return Object.fromEntries(made.keys().map((key) => [key, made.raw(key)]));
  };

  test('is told by the command line, which beats -D', () => {
    expect(of({ arguments: ['--in', ''], entryClass: 'org.Main', parallelism: 4 })).toEqual({
      'parallelism.default': 4,
      'execution.attached': true,
      'execution.shutdown-on-attached-exit': false,
      'execution.state-recovery.ignore-unclaimed-state': false,
      'execution.state-recovery.claim-mode': 'NO_CLAIM',
      'pipeline.jars': ['local:///opt/a.jar'],
      '$internal.application.program-args': ['--in', ''],
      '$internal.application.main': 'org.Main',
    });
  });

  test.each([
    ['s3://b/x.jar', 's3://b/x.jar'],
    ['x.jar', 'file:/home/x.jar'],
    ['/a/b.jar', 'file:/a/b.jar'],
    ['file:///a/b.jar', 'file:///a/b.jar'],
    ['../x/./é.jar', 'file:/home/../x/./é.jar'],
    ['/a%20b#c.jar', 'file:/a%2520b%23c.jar'],
  ])('the jar %s is %s', (jar, uri) => {
    expect(of({ jar })['pipeline.jars']).toEqual([uri]);
  });

  test('a path that is not a URI is refused', () => {
    expect(() => of({ jar: 'my job.jar' })).toThrow("The jar 'my job.jar' is not a URI: ' ' is not allowed in one.");
  });

  test.each([
    ['file:///opt/a.jar', 'file:/opt/a.jar'],
    ['HTTPS://Host/x', 'https://Host/x'],
  ])('the class path entry %s is %s', (entry, url) => {
    expect(of({ classpaths: [entry] })['pipeline.classpaths']).toEqual([url]);
  });

  test.each(['nonsense', 's3://b/x.jar'])('%s is not a class path entry', (entry) => {
    expect(() => of({ classpaths: [entry] })).toThrow(`Bad syntax for classpath: ${entry}.`);
  });

  test('a savepoint has other keys before Flink 1.20', () => {
    expect(of({ savepoint: { path: 's3://sp', allowNonRestoredState: true, claimMode: 'CLAIM' } }, '1.19')).toMatchObject({
      'execution.savepoint.path': 's3://sp',
      'execution.savepoint.ignore-unclaimed-state': true,
      'execution.savepoint-restore-mode': 'CLAIM',
    });
  });

  test('needs a jar', () => {
    expect(() => of({ jar: undefined })).toThrow('Java program should be specified a JAR file.');
  });

  test('starts with its own entry point', () => {
    const made = build({}, {}, { mode: 'application' });
    expect(mainOf(made)['args']).toEqual(['bash', '-c', 'kubernetes-jobmanager.sh kubernetes-application ']);
    expect(made.effectiveConfig.raw('kubernetes.internal.jobmanager.entrypoint.class')).toContain('KubernetesApplicationClusterEntrypoint');
  });
});
