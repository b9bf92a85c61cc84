import { describe, expect, test } from 'vitest';
import type { ConfigValue } from '../../src/config/options/types.ts';
import { build, dataOf, mainOf, podOf } from './build.ts';

const key = 'kubernetes.pod-template-file.default';

/** A cluster with this pod template and these options. */
const withTemplate = (template: string, options: Readonly<Record<string, ConfigValue>> = {}) =>
  build({ [key]: '/t.yaml', ...options }, { '/t.yaml': template });

/** A cluster whose template has these lines in its main container. */
const withMain = (lines: string, options: Readonly<Record<string, ConfigValue>> = {}) =>
  withTemplate(`spec:\n  containers:\n  - name: flink-main-container\n${lines.replace(/^/gm, '    ')}\n`, options);

describe('defined by Flink', () => {
  test('name, command and arguments of the main container', () => {
    const main = mainOf(withMain('command: [ignored]\nargs: [ignored]'));
    expect(main).toMatchObject({
      name: 'flink-main-container',
      command: ['/docker-entrypoint.sh'],
      args: ['bash', '-c', 'kubernetes-jobmanager.sh kubernetes-session '],
    });
  });

  test('CPU and memory, whatever the template says', () => {
    expect(mainOf(withMain('resources: {requests: {cpu: 7, memory: 7Gi}, limits: {cpu: 8, memory: 8Gi}}')).resources).toEqual({
      requests: { cpu: '1.0', memory: '1600Mi' },
      limits: { cpu: '1.0', memory: '1600Mi' },
    });
  });

  test('host network comes from the option alone', () => {
    expect(podOf(withTemplate('spec: {hostNetwork: true}')).spec['hostNetwork']).toBe(false);
    expect(podOf(withTemplate('spec: {hostNetwork: false}', { 'kubernetes.hostnetwork.enabled': true })).spec['hostNetwork']).toBe(true);
  });

  test('host network decides the DNS policy and leaves no ports', () => {
    const made = withTemplate('spec: {dnsPolicy: Default}', { 'kubernetes.hostnetwork.enabled': true });
    expect(podOf(made).spec['dnsPolicy']).toBe('ClusterFirstWithHostNet');
    expect(mainOf(made).ports).toBeUndefined();
  });

  test('the labels that find the pods', () => {
    expect(podOf(withTemplate('metadata: {labels: {app: x, component: y, type: z, tier: gold}}')).metadata.labels).toEqual({
      app: 'c1',
      component: 'jobmanager',
      type: 'flink-native-kubernetes',
      tier: 'gold',
    });
  });
});

describe('defined by the user: option, then template, then default', () => {
  test.each([
    ['image', 'kubernetes.container.image.ref', 'image', 'apache/flink:2.3.0-scala_2.12'],
    ['imagePullPolicy', 'kubernetes.container.image.pull-policy', 'Always', 'IfNotPresent'],
  ])('%s', (member, option, value, fallback) => {
    expect(mainOf(withMain(`${member}: template`, { [option]: value }))[member]).toBe(value);
    expect(mainOf(withMain(`${member}: template`))[member]).toBe('template');
    expect(mainOf(withMain('env: []'))[member]).toBe(fallback);
  });

  test('an option that is set to its default beats the template', () => {
    expect(
      mainOf(withMain('imagePullPolicy: Always', { 'kubernetes.container.image.pull-policy': 'IfNotPresent' }))['imagePullPolicy'],
    ).toBe('IfNotPresent');
  });

  test.each([
    ['spec: {serviceAccount: a, serviceAccountName: b}', {}, 'a'],
    ['spec: {serviceAccountName: b}', {}, 'b'],
    ['spec: {serviceAccount: a}', { 'kubernetes.service-account': 'common' }, 'common'],
    ['spec: {serviceAccount: a}', { 'kubernetes.service-account': 'common', 'kubernetes.jobmanager.service-account': 'own' }, 'own'],
    ['spec: {}', {}, 'default'],
  ])('service account of %s with %j: %s', (template, options, account) => {
    expect(podOf(withTemplate(template, options as Readonly<Record<string, string>>)).spec).toMatchObject({
      serviceAccount: account,
      serviceAccountName: account,
    });
  });

  test.each([
    ['Default', 'Default'],
    ["' '", 'ClusterFirst'],
    ["''", 'ClusterFirst'],
  ])('DNS policy %s: %s', (template, policy) => {
    expect(podOf(withTemplate(`spec: {dnsPolicy: ${template}}`)).spec['dnsPolicy']).toBe(policy);
  });

  test('what Flink has no option for stays', () => {
    const template =
      'spec: {priorityClassName: high, terminationGracePeriodSeconds: 45, securityContext: {runAsUser: 9999}, affinity: {podAffinity: {}}, schedulerName: own, initContainers: [{name: i, image: i}], restartPolicy: OnFailure}';
    expect(podOf(withTemplate(template)).spec).toMatchObject({
      priorityClassName: 'high',
      terminationGracePeriodSeconds: 45,
      securityContext: { runAsUser: 9999 },
      affinity: { podAffinity: {} },
      schedulerName: 'own',
      initContainers: [{ name: 'i', image: 'i' }],
      restartPolicy: 'OnFailure',
    });
    expect(withTemplate(template).notices).toContain(
      'The pod template sets the restartPolicy OnFailure; a Deployment accepts only Always.',
    );
    expect(
      mainOf(withMain('livenessProbe: {httpGet: {path: /config, port: rest}}\nworkingDir: /work\nenvFrom: [{configMapRef: {name: more}}]')),
    ).toMatchObject({
      livenessProbe: { httpGet: { path: '/config', port: 'rest' } },
      workingDir: '/work',
      envFrom: [{ configMapRef: { name: 'more' } }],
    });
  });

  test('resources other than CPU and memory', () => {
    expect(
      mainOf(withMain('resources: {requests: {ephemeral-storage: 2048Mi}, limits: {ephemeral-storage: 2048Mi, nvidia.com/gpu: 1}}'))
        .resources,
    ).toEqual({
      requests: { 'ephemeral-storage': '2048Mi', cpu: '1.0', memory: '1600Mi' },
      limits: { 'ephemeral-storage': '2048Mi', 'nvidia.com/gpu': '1', cpu: '1.0', memory: '1600Mi' },
    });
  });
});

describe('merged with Flink', () => {
  test.each([
    ['labels', 'kubernetes.jobmanager.labels'],
    ['annotations', 'kubernetes.jobmanager.annotations'],
  ])('%s: the option wins per key', (member, option) => {
    const metadata = podOf(
      withTemplate(`metadata: {${member}: {shared: template, own: t}}`, { [option]: 'shared:option,more:o' }),
    ).metadata;
    expect(metadata[member]).toMatchObject({ shared: 'option', own: 't', more: 'o' });
  });

  test('node selector: the option wins per key', () => {
    expect(
      podOf(withTemplate('spec: {nodeSelector: {shared: template, own: t}}', { 'kubernetes.jobmanager.node-selector': 'shared:option' }))
        .spec['nodeSelector'],
    ).toEqual({ shared: 'option', own: 't' });
  });

  test('image pull secrets: the template first', () => {
    expect(
      podOf(withTemplate('spec: {imagePullSecrets: [{name: t}]}', { 'kubernetes.container.image.pull-secrets': 'o1; o2 ;' })).spec[
        'imagePullSecrets'
      ],
    ).toEqual([{ name: 't' }, { name: 'o1' }, { name: 'o2' }]);
  });

  test('tolerations: the template first', () => {
    const options = { 'kubernetes.jobmanager.tolerations': 'KEY:k,Operator:Exists,effect:NoExecute,tolerationSeconds:60' };
    expect(podOf(withTemplate('spec: {tolerations: [{key: t}]}', options)).spec['tolerations']).toEqual([
      { key: 't' },
      { key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
    ]);
  });

  test('variables: the template first, doubles stay', () => {
    const names = (
      mainOf(
        withMain('env: [{name: A, value: "1"}]', {
          'containerized.master.env.A': '2',
          'kubernetes.flink.log.dir': '/log',
          'kubernetes.env.secretKeyRef': 'env:S,secret:s,key:k',
        }),
      ).env ?? []
    ).map((variable) => variable['name']);
    expect(names).toEqual(['A', 'A', '_POD_IP_ADDRESS', 'FLINK_LOG_DIR', 'S']);
  });

  test('ports: the template first', () => {
    expect(mainOf(withMain('ports: [{name: metrics, containerPort: 9249}]')).ports?.map((port) => port['name'])).toEqual([
      'metrics',
      'rest',
      'jobmanager-rpc',
      'blobserver',
    ]);
  });

  test('volumes and mounts: the template first', () => {
    const made = withTemplate(
      'spec: {volumes: [{name: v, emptyDir: {}}], containers: [{name: flink-main-container, volumeMounts: [{name: v, mountPath: /v}]}]}',
      { 'kubernetes.secrets': 'sec:/sec' },
    );
    expect(podOf(made).spec.volumes.map((volume) => volume.name)).toEqual([
      'v',
      'user-artifacts-volume',
      'sec-volume',
      'flink-config-volume',
      'pod-template-volume',
    ]);
    expect(mainOf(made).volumeMounts?.map((mount) => mount['mountPath'])).toEqual([
      '/v',
      '/opt/flink/artifacts',
      '/sec',
      '/opt/flink/conf',
      '/opt/flink/pod-template',
    ]);
  });

  test('side containers keep their order before the main one, which is made where it is missing', () => {
    expect(
      podOf(
        withTemplate('spec: {containers: [{name: a, image: a}, {name: flink-main-container}, {name: b, image: b}]}'),
      ).spec.containers.map((container) => container.name),
    ).toEqual(['a', 'b', 'flink-main-container']);
    expect(podOf(withTemplate('spec: {containers: [{name: a, image: a}]}')).spec.containers.map((container) => container.name)).toEqual([
      'a',
      'flink-main-container',
    ]);
    expect(podOf(withTemplate('metadata: {labels: {a: b}}')).spec.containers.map((container) => container.name)).toEqual([
      'flink-main-container',
    ]);
  });

  test('of two main containers the last one counts', () => {
    expect(
      mainOf(withTemplate('spec: {containers: [{name: flink-main-container, image: one}, {name: flink-main-container, image: two}]}'))[
        'image'
      ],
    ).toBe('two');
  });
});

describe('reading a template', () => {
  test('numbers in text members are printed again, words stay words', () => {
    const labels = podOf(withTemplate('metadata: {labels: {a: 1.10, b: yes, c: 007, d: true, e: True, f: 1e3, g: "1.10"}}')).metadata
      .labels;
    expect(labels).toMatchObject({ a: '1.1', b: 'yes', c: '007', d: 'true', e: 'True', f: '1000.0', g: '1.10' });
  });

  test('JSON keeps its numbers as they are written', () => {
    const made = build(
      { [key]: '/t.json' },
      { '/t.json': '{"metadata": {"labels": {"a": 1.10}}, "spec": {"terminationGracePeriodSeconds": 10}}' },
    );
    expect(podOf(made).metadata.labels).toMatchObject({ a: '1.10' });
    expect(podOf(made).spec['terminationGracePeriodSeconds']).toBe(10);
  });

  test('members of a type get it; modes of files may be octal; ports may be names', () => {
    const spec = podOf(
      withTemplate(
        'spec: {priority: "5", hostPID: "true", volumes: [{name: s, secret: {defaultMode: 0400}}], containers: [{name: a, readinessProbe: {tcpSocket: {port: "x"}}}]}',
      ),
    ).spec;
    expect(spec).toMatchObject({ priority: 5, hostPID: true });
    expect(spec.volumes[0]).toEqual({ name: 's', secret: { defaultMode: 256 } });
  });

  test('unknown members stay, empty lists go, empty objects stay', () => {
    const spec = podOf(
      withTemplate('spec: {brandNew: {x: 1, y: []}, tolerations: [], affinity: {}, volumes: [{name: e, emptyDir: {}}]}'),
    ).spec;
    expect(spec).toMatchObject({ brandNew: { x: 1, y: [] }, affinity: {} });
    expect(spec).not.toHaveProperty('tolerations');
    expect(spec.volumes[0]).toEqual({ name: 'e', emptyDir: {} });
  });

  test('anchors work', () => {
    expect(podOf(withTemplate('metadata: {labels: &l {a: b}, annotations: *l}')).metadata).toMatchObject({ annotations: { a: 'b' } });
  });

  test.each([
    'POD\n---\n',
    'POD\n---\n---\n',
    '---\nPOD',
    '---\n---\nPOD',
    '# helm\n---\n# Source: chart/pod.yaml\nPOD',
    '---\n# only a comment\n---\nPOD',
    'POD\n---\n# only a comment\n',
    '---\nnull\n---\nPOD\n...\n---\n',
    'POD\n...\n',
    '\n\n---\r\nPOD\r\n---\r\n',
  ])('empty documents around the pod do not count: %j', (text) => {
    expect(podOf(withTemplate(text.replace('POD', 'metadata: {annotations: {a: b}}'))).metadata).toMatchObject({ annotations: { a: 'b' } });
  });

  test('a namespace in the template of the TaskManagers is warned of: they would be created there', () => {
    const taskManagers = 'kubernetes.pod-template-file.taskmanager';
    const notices = (text: string): readonly string[] => build({ [taskManagers]: '/tm.yaml' }, { '/tm.yaml': text }).notices;
    expect(notices('metadata: {namespace: elsewhere}')).toEqual([
      '/tm.yaml: metadata.namespace is elsewhere. The JobManager will create its TaskManagers there and not in default, if it is allowed to.',
    ]);
    expect(withTemplate('metadata: {namespace: elsewhere}').notices).toEqual([
      '/t.yaml: metadata.namespace is elsewhere. The JobManager will create its TaskManagers there and not in default, if it is allowed to.',
    ]);
    expect(notices('metadata: {namespace: default}')).toEqual([]);
    expect(notices('spec: [')).toEqual([
      expect.stringMatching(/^The pod template \/tm\.yaml cannot be read: .* The JobManager will start no TaskManagers with it\.$/),
    ]);
  });

  test.each([
    ['', 'It is empty'],
    ['---\n---\n', 'It is empty'],
    ['metadata: {a: b}\n---\n---\nmetadata: {c: d}\n', 'more than one document'],
    ['# nothing\n', 'It is empty'],
    ['hello', 'It is not a map'],
    ['- a\n', 'It is not a map'],
    ['spec:\n\tcontainers: [\n', 'cannot be read'],
    ['{metadata: x}', 'cannot be read'],
    ['metadata: {a: b}\n---\nmetadata: {c: d}\n', 'more than one document'],
    ['spec: {containers: {name: x}}', 'spec.containers should be a list, and is a map'],
    ['spec: {containers: [{name: x, env: y}]}', "spec.containers[0].env should be a list, and is 'y'"],
    ['spec: {terminationGracePeriodSeconds: abc}', 'should be a whole number'],
    ['spec: {hostPID: yes}', 'should be true or false'],
    ['metadata: {labels: {a: {b: c}}}', 'metadata.labels.a should be a text, and is a map'],
    ['spec:\n  containers:\n', 'spec.containers has no value'],
    ['spec: {containers: [null]}', 'spec.containers[0] has no value'],
    ['metadata: {labels: {a: !foo 5}}', 'The tag !foo is not known'],
    ['spec: {containers: [{name: x, resources: {limits: {gpu: 5ki}}}]}', 'should be a quantity'],
  ])('%j is refused: %s', (template, reason) => {
    expect(() => withTemplate(template)).toThrow(reason);
    expect(() => withTemplate(template)).toThrow('/t.yaml');
  });

  test('a file that does not exist is named', () => {
    expect(() => build({ [key]: '/nowhere.yaml' })).toThrow('Pod template file /nowhere.yaml does not exist.');
    expect(() => build({ 'kubernetes.pod-template-file.taskmanager': 'tm.yaml' }, {}, { cwd: '/home' })).toThrow(
      'Pod template file tm.yaml does not exist.',
    );
  });
});

describe('which template', () => {
  const files = { '/d': 'metadata: {labels: {from: default}}', '/jm': 'metadata: {labels: {from: jm}}', '/tm': '{{ not read here' };

  test("the JobManager's own before the default one; the TaskManagers' goes into a ConfigMap, word by word", () => {
    const made = build(
      { [key]: '/d', 'kubernetes.pod-template-file.jobmanager': '/jm', 'kubernetes.pod-template-file.taskmanager': '/tm' },
      files,
    );
    expect(podOf(made).metadata.labels).toMatchObject({ from: 'jm' });
    expect(dataOf(made, 'pod-template-c1')).toEqual({ 'taskmanager-pod-template.yaml': '{{ not read here' });
  });

  test('the default one goes to both', () => {
    const made = build({ [key]: '/d' }, files);
    expect(podOf(made).metadata.labels).toMatchObject({ from: 'default' });
    expect(dataOf(made, 'pod-template-c1')).toEqual({ 'taskmanager-pod-template.yaml': files['/d'] });
  });

  test('without one there is no ConfigMap', () => {
    expect(dataOf(build({}), 'pod-template-c1')).toBeUndefined();
  });
});
