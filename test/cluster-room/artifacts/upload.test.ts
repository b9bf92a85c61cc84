import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptLine } from '../../../src/cli/deploy/deploy-application.ts';
import { uploadArtifacts, type UploadStep } from '../../../src/cluster/artifacts/upload.ts';
import { flinkConfig } from '../../../src/config/flink-config.ts';
import type { ConfigValue } from '../../../src/config/options/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'drey-artifacts-'));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return `local://${join(folder, name)}`;
};
const never = new AbortController().signal;

let server: S3rver;
let endpoint: string;

beforeAll(async () => {
  await mkdir(join(folder, 's3'));
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: 'jars', configs: [] }],
  });
  const { port } = await server.run();
  endpoint = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = (extra: Readonly<Record<string, ConfigValue>>) =>
  flinkConfig(
    Object.entries({
      'kubernetes.artifacts.local-upload-enabled': 'true',
      'kubernetes.artifacts.local-upload-target': 's3://jars/team/',
      's3.endpoint': endpoint,
      's3.path.style.access': 'true',
      's3.access-key': 'S3RVER',
      's3.secret-key': 'S3RVER',
      ...extra,
    }),
  );

async function upload(extra: Readonly<Record<string, ConfigValue>>, signal = never) {
  const steps: UploadStep[] = [];
  const config = await uploadArtifacts(settings(extra), (step) => steps.push(step), signal);
  return { config, steps };
}

const stored = async (key: string) => Buffer.from(await (await fetch(`${endpoint}/jars/${key}`)).arrayBuffer());

describe('an S3 store', () => {
  test('gets the job and the artifacts of this machine, and the configuration names them there', async () => {
    const { config, steps } = await upload({
      'pipeline.jars': [file('job.jar', 'job')],
      'user.artifacts.artifact-list': `${file('udf.jar', 'udf')};s3://other/udf2.jar`,
    });
    expect((await stored('team/job.jar')).toString()).toBe('job');
    expect((await stored('team/udf.jar')).toString()).toBe('udf');
    expect(config.raw('pipeline.jars')).toEqual(['s3://jars/team/job.jar']);
    expect(config.raw('user.artifacts.artifact-list')).toEqual(['s3://jars/team/udf.jar', 's3://other/udf2.jar']);
    expect(steps.filter(({ kind }) => kind === 'uploaded').map(({ target }) => target)).toEqual([
      's3://jars/team/job.jar',
      's3://jars/team/udf.jar',
    ]);
  });

  test('keeps an object that is there, unless overwriting is asked for', async () => {
    await upload({ 'pipeline.jars': [file('kept.jar', 'one')] });
    const jar = file('kept.jar', 'two');
    expect((await upload({ 'pipeline.jars': [jar] })).steps).toEqual([
      { kind: 'kept', target: 's3://jars/team/kept.jar', compared: { kind: 'other-content' } },
    ]);
    expect((await stored('team/kept.jar')).toString()).toBe('one');
    await upload({ 'pipeline.jars': [jar], 'kubernetes.artifacts.local-upload-overwrite': 'true' });
    expect((await stored('team/kept.jar')).toString()).toBe('two');
  });

  test('gets a large file in parts, with progress to its end', async () => {
    const content = Buffer.alloc(20 * 1024 * 1024, 'drey');
    const { steps } = await upload({ 'pipeline.jars': [file('large.jar', content)] });
    expect((await stored('team/large.jar')).equals(content)).toBe(true);
    const progress = steps.flatMap((step) => (step.kind === 'uploading' ? [step] : []));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toMatchObject({ sent: content.length, total: content.length });
  });

  test('has nothing after an upload that was interrupted', async () => {
    const interrupt = new AbortController();
    const config = settings({ 'pipeline.jars': [file('interrupted.jar', Buffer.alloc(40 * 1024 * 1024))] });
    await expect(uploadArtifacts(config, () => interrupt.abort(), interrupt.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect((await fetch(`${endpoint}/jars/team/interrupted.jar`)).status).toBe(404);
  });

  test('that refuses the keys is named, without them', async () => {
    await expect(
      upload({ 'pipeline.jars': [file('denied.jar', 'x')], 's3.access-key': 'WRONG', 's3.secret-key': 'TOPSECRET' }),
    ).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.not.stringContaining('TOPSECRET'),
      hint: expect.stringContaining('s3.access-key'),
    });
  });

  test('without that bucket says so', async () => {
    await expect(
      upload({ 'pipeline.jars': [file('a.jar', 'x')], 'kubernetes.artifacts.local-upload-target': 's3://absent/' }),
    ).rejects.toMatchObject({
      kind: 'not-found',
      message: 'The bucket of s3://absent/a.jar does not exist.',
    });
  });

  test('that is not there is named', async () => {
    await expect(upload({ 'pipeline.jars': [file('a.jar', 'x')], 's3.endpoint': 'http://127.0.0.1:1' })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('http://127.0.0.1:1 cannot be reached'),
    });
  });
});

describe('an artifact that is there already', () => {
  const line = async (name: string, local: string | Buffer, remote: string | Buffer, target: string) => {
    const to = { 'kubernetes.artifacts.local-upload-target': target };
    await upload({ ...to, 'pipeline.jars': [file(name, remote)] });
    const { steps } = await upload({ ...to, 'pipeline.jars': [file(name, local)] });
    return steps.map((step) => (step.kind === 'kept' ? keptLine(name, step.compared) : step.kind));
  };

  test.each(['s3://jars/compared/', `file://${folder}/compared`])(
    'is reported as the local file, or how it differs from it (%s)',
    async (target) => {
      expect(await line('same.jar', 'one', 'one', target)).toEqual([
        'same.jar is there already with the same content and is used as it is.',
      ]);
      expect(await line('longer.jar', 'longer', 'one', target)).toEqual([
        'longer.jar is there already and is used as it is, but it differs from the local file: it has 3 bytes, the local file 6 bytes (kubernetes.artifacts.local-upload-overwrite would replace it).',
      ]);
      expect(await line('content.jar', 'two', 'one', target)).toEqual([
        'content.jar is there already and is used as it is, but it differs from the local file: the size is the same, the content is not (kubernetes.artifacts.local-upload-overwrite would replace it).',
      ]);
    },
  );

  test.each<[string, OutgoingHttpHeaders]>([
    ['was put in parts', { etag: '"d41d8cd98f00b204e9800998ecf8427e-2"' }],
    ['is encrypted with a key of its own', { etag: '"d41d8cd98f00b204e9800998ecf8427e"', 'x-amz-server-side-encryption': 'aws:kms' }],
  ])('is not called another one when it %s: its hash is not that of the content', async (_, headers) => {
    const store = createServer((_request, response) => response.writeHead(200, { 'content-length': 3, ...headers }).end());
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = store.address() as AddressInfo;
      expect((await upload({ 's3.endpoint': `http://127.0.0.1:${port}`, 'pipeline.jars': [file('hash.jar', 'one')] })).steps).toEqual([
        { kind: 'kept', target: 's3://jars/team/hash.jar', compared: { kind: 'same-size' } },
      ]);
    } finally {
      store.closeAllConnections();
      store.close();
    }
  });
});

test('a folder can be the target', async () => {
  const { config } = await upload({
    'pipeline.jars': [file('f.jar', 'f')],
    'kubernetes.artifacts.local-upload-target': `file://${folder}/remote`,
  });
  expect(config.raw('pipeline.jars')).toEqual([`file:${folder}/remote/f.jar`]);
  expect(readFileSync(join(folder, 'remote/f.jar'), 'utf8')).toBe('f');
});

describe('before anything is sent', () => {
  test('a scheme that cannot be uploaded to is refused, naming those that can', async () => {
    await expect(
      upload({ 'pipeline.jars': [file('a.jar', 'a')], 'kubernetes.artifacts.local-upload-target': 'hdfs://nn/x' }),
    ).rejects.toMatchObject({
      message: 'Artifacts cannot be uploaded to hdfs://nn/x: the scheme hdfs is not supported.',
      hint: expect.stringContaining('s3, s3a'),
    });
  });

  test('a file that is missing is named', async () => {
    await expect(
      upload({ 'pipeline.jars': [file('first.jar', 'a')], 'user.artifacts.artifact-list': 'local:///no/such.jar' }),
    ).rejects.toThrow('The artifact /no/such.jar cannot be read: it does not exist on this machine.');
    expect((await fetch(`${endpoint}/jars/team/first.jar`)).status).toBe(404);
  });

  test('a missing target, two files for one place, and more than one jar are refused', async () => {
    const jar = file('a.jar', 'a');
    await expect(upload({ 'pipeline.jars': [jar], 'kubernetes.artifacts.local-upload-target': ' ' })).rejects.toThrow(
      "Setting 'kubernetes.artifacts.local-upload-target' to a valid remote path is required.",
    );
    await expect(upload({ 'pipeline.jars': [jar], 'user.artifacts.artifact-list': 'local:///other/a.jar' })).rejects.toThrow(
      'Two artifacts are named a.jar',
    );
    await expect(upload({ 'pipeline.jars': [jar, jar] })).rejects.toThrow("The 'pipeline.jars' config must contain one JAR.");
  });
});

test('without the option nothing is touched, and what is elsewhere stays as it was written', async () => {
  const off = settings({ 'kubernetes.artifacts.local-upload-enabled': 'false', 'pipeline.jars': ['local:///in/the/image.jar'] });
  expect(await uploadArtifacts(off, () => undefined, never)).toBe(off);
  const { config } = await upload({ 'pipeline.jars': ['s3://jars/a.jar'], 'user.artifacts.artifact-list': 'https://x/b.jar;s3://c/d.jar' });
  expect(config.raw('user.artifacts.artifact-list')).toBe('https://x/b.jar;s3://c/d.jar');
});

test('what is at the target and cannot be read is used as it is, with what its size tells', async () => {
  const there = join(folder, 'odd/odd.jar');
  mkdirSync(there, { recursive: true });
  const { steps } = await upload({
    'pipeline.jars': [file('odd.jar', Buffer.alloc(statSync(there).size))],
    'kubernetes.artifacts.local-upload-target': `file://${folder}/odd`,
  });
  expect(steps).toEqual([{ kind: 'kept', target: `file:${there}`, compared: { kind: 'same-size' } }]);
});
