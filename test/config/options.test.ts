import { describe, expect, test } from 'vitest';
import { misspelledKeys } from '../../src/config/options/did-you-mean.ts';
import { flinkConfig } from '../../src/config/flink-config.ts';
import { restBindPort } from '../../src/config/options/options-cluster.ts';
import * as kubernetes from '../../src/config/options/options-kubernetes.ts';
import { allOptions } from '../../src/config/options/options.ts';
import { defaultImage, flinkVersion, isAtLeast, knownFlinkVersions, versionOfImage } from '../../src/config/options/flink-version.ts';

const config = (values: Readonly<Record<string, string | number | boolean>>) => flinkConfig(Object.entries(values));

describe('the option table', () => {
  test('has each key once, each with a summary of one line', () => {
    expect(new Set(allOptions.map((option) => option.key)).size).toBe(allOptions.length);
    for (const option of allOptions) expect(option.summary).toMatch(/^[^\n]{5,160}[^.\n]$/);
  });

  test('has defaults of its own types', () => {
    const texts = allOptions.filter((option) => typeof option.default === 'string');
    for (const option of texts) expect(option.type.parse(String(option.default), option.key)).toBe(option.default);
  });
});

describe('reading an option', () => {
  test.each([
    [{ 'kubernetes.container.image': 'old' }, 'old'],
    [{ 'kubernetes.container.image': 'old', 'kubernetes.container.image.ref': 'new' }, 'new'],
    [{}, undefined],
  ])('%j: the image is %s', (values, image) => {
    expect(config(values).get(kubernetes.containerImage)).toBe(image);
  });

  test('its own key, then fallbacks, then deprecated names', () => {
    expect(config({ 'web.port': 1, 'rest.port': 2 }).get(restBindPort)).toBe('2');
    expect(config({ 'web.port': 1 }).get(restBindPort)).toBe('1');
    expect(config({ 'kubernetes.service-account': 'a' }).get(kubernetes.jobManagerServiceAccount)).toBe('a');
    expect(
      config({ 'kubernetes.pod-template-file': 'a', 'kubernetes.pod-template-file.default': 'b' }).get(
        kubernetes.jobManagerPodTemplateFile,
      ),
    ).toBe('a');
  });

  test('a default does not count as set', () => {
    expect(config({}).has(kubernetes.jobManagerReplicas)).toBe(false);
    expect(config({}).get(kubernetes.jobManagerReplicas)).toBe(1);
    expect(config({ 'kubernetes.jobmanager.cpu': '2' }).has(kubernetes.jobManagerCpu)).toBe(true);
  });

  test('a map may be spread over keys, and the exact key wins', () => {
    expect(
      config({ 'kubernetes.jobmanager.labels.a': 7, 'kubernetes.jobmanager.labels.b.c/d': 'x' }).get(kubernetes.jobManagerLabels),
    ).toEqual(
      new Map([
        ['a', '7'],
        ['b.c/d', 'x'],
      ]),
    );
    expect(config({ 'kubernetes.jobmanager.labels': 'x:y', 'kubernetes.jobmanager.labels.a': 1 }).get(kubernetes.jobManagerLabels)).toEqual(
      new Map([['x', 'y']]),
    );
  });

  test('an enum without regard to case', () => {
    expect(config({ 'kubernetes.rest-service.exposed.type': 'headless_clusterip' }).get(kubernetes.restServiceExposedType)).toBe(
      'Headless_ClusterIP',
    );
    expect(() => config({ 'kubernetes.rest-service.exposed.type': 'Ingress' }).get(kubernetes.restServiceExposedType)).toThrow(
      "Could not parse value 'Ingress' for key 'kubernetes.rest-service.exposed.type': Expected one of: ClusterIP, NodePort, LoadBalancer, Headless_ClusterIP.",
    );
  });

  test.each([
    ['true', true],
    ['TRUE', true],
    ['false', false],
  ])('%s is a boolean', (text, value) => {
    expect(config({ 'kubernetes.hostnetwork.enabled': text }).get(kubernetes.hostNetworkEnabled)).toBe(value);
  });

  test.each(['yes', '1', ' true'])('%j is not a boolean', (text) => {
    expect(() => config({ 'kubernetes.hostnetwork.enabled': text }).get(kubernetes.hostNetworkEnabled)).toThrow(
      'Unrecognized option for boolean',
    );
  });

  test.each(['1.0', ' 1', '99999999999', 'x'])('%j is not a whole number', (text) => {
    expect(() => config({ 'kubernetes.jobmanager.replicas': text }).get(kubernetes.jobManagerReplicas)).toThrow(
      "for key 'kubernetes.jobmanager.replicas'",
    );
  });

  test('a value that may be secret is not repeated in an error', () => {
    expect(() => config({ 'kubernetes.secrets': 'hunter2' }).get(kubernetes.secrets)).toThrow(
      /^Could not parse value for key 'kubernetes\.secrets': (?!.*hunter2)/,
    );
  });

  test('keys below a prefix, as texts', () => {
    expect(
      config({ 'containerized.master.env.A': 42, 'containerized.master.env.B': true, 'containerized.taskmanager.env.C': 'x' }).prefixed(
        'containerized.master.env.',
      ),
    ).toEqual(
      new Map([
        ['A', '42'],
        ['B', 'true'],
      ]),
    );
  });
});

describe('misspelt keys', () => {
  test.each([
    ['kubernetes.clusterid', 'kubernetes.cluster-id'],
    ['kubernetes.cluster-ID', 'kubernetes.cluster-id'],
    ['kubernetes.jobmanager.replica', 'kubernetes.jobmanager.replicas'],
    ['kubernetes.container.imgae.ref', 'kubernetes.container.image.ref'],
    ['jobmanager.memory.proces.size', 'jobmanager.memory.process.size'],
    ['taskmanager.numberoftaskslots', 'taskmanager.numberOfTaskSlots'],
    ['high-availability.storagedir', 'high-availability.storageDir'],
  ])('%s: did you mean %s?', (key, meant) => {
    expect(misspelledKeys(config({ [key]: 'x' }))).toEqual([`${key} is not an option of Flink; did you mean ${meant}?`]);
  });

  test('a kubernetes key that is like no other', () => {
    expect(misspelledKeys(config({ 'kubernetes.my.own': 'x' }))).toEqual(['kubernetes.my.own is not an option of Flink.']);
  });

  test.each([
    'my.int',
    's3.access-key',
    'metrics.reporter.prom.port',
    'state.backend.type',
    'containerized.master.env.ENABLE_BUILT_IN_PLUGINS',
    'external-resource.gpu.kubernetes.config-key',
    'kubernetes.jobmanager.labels.team',
    '$internal.pipeline.job-id',
    'kubernetes.container.image',
    'restart-strategy.type',
    'io.tmp.dirs',
    'external-resources',
    'some.key',
  ])('%s is left alone', (key) => {
    expect(misspelledKeys(config({ [key]: 'x' }))).toEqual([]);
  });
});

describe('Flink versions', () => {
  test('compare by number', () => {
    expect(isAtLeast('1.20', '1.19')).toBe(true);
    expect(isAtLeast('1.9', '1.19')).toBe(false);
    expect(isAtLeast('2.0', '1.20')).toBe(true);
  });

  test('each known one has an official image', () => {
    expect(knownFlinkVersions.map(defaultImage)).toContain('apache/flink:2.3.0-scala_2.12');
    for (const version of knownFlinkVersions) expect(versionOfImage(defaultImage(version))).toBe(version);
  });

  test.each([
    ['flink:1.20.1-scala_2.12-java17', '1.20'],
    ['apache/flink:2.0', '2.0'],
    ['docker.io/library/flink:2.3.0', '2.3'],
    ['registry.example.org/flink:7', undefined],
    ['flink:latest', undefined],
    ['flink', undefined],
  ])('the tag of %s tells %s', (image, version) => {
    expect(versionOfImage(image)).toBe(version);
  });

  test('an unknown one is refused', () => {
    expect(flinkVersion('2.3.0')).toBe('2.3');
    expect(() => flinkVersion('1.13')).toThrow("The Flink version '1.13' is not known.");
  });
});
