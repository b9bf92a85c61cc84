import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectJar } from '../../src/flink/jar-file.ts';
import { zip } from '../support/jar.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'drey-jar-'))));
afterAll(() => rm(folder, { recursive: true }));

/** As much of a class file as the search looks at. */
const classWith = (...constants: string[]): Buffer =>
  Buffer.concat([
    Buffer.from('cafebabe0000003d', 'hex'),
    ...constants.map((text) => Buffer.concat([Buffer.from([1, 0, text.length]), Buffer.from(text)])),
  ]);

async function jarOf(name: string, content: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test('the manifest names the main class, also over two lines and with a comment at the end of the archive', async () => {
  const manifest =
    'Manifest-Version: 1.0\r\nMain-Class: org.example.orders.a.long.packa\r\n ge.OrdersJob\r\n\r\nName: x\r\nMain-Class: other\r\n';
  const path = await jarOf('a.jar', zip({ 'META-INF/MANIFEST.MF': manifest, 'x.txt': 'x' }, 'a comment'));
  expect(await inspectJar(path, undefined)).toEqual({
    path,
    size: expect.any(Number),
    mainClass: 'org.example.orders.a.long.package.OrdersJob',
  });
});

test('a manifest that unpacks to far more than one has is not unpacked', async () => {
  const path = await jarOf('bomb.jar', zip({ 'META-INF/MANIFEST.MF': Buffer.alloc(9 << 20, 0x20) }));
  await expect(inspectJar(path, undefined)).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(/^The manifest of .*bomb\.jar has .*MB: that is not a manifest\.$/),
  });
});

test.each([
  ['less than it unpacks to', 24, 60],
  ['more than a manifest has, packed', 20, 0xffff_fff0],
])('a manifest of which the archive says %s is not unpacked', async (_, at, lie) => {
  const bytes = zip({ 'META-INF/MANIFEST.MF': Buffer.alloc(16 << 20, 0x20) });
  bytes.writeUInt32LE(lie, bytes.lastIndexOf(Buffer.from('PK\x01\x02')) + at);
  if (at !== 24) bytes.writeUInt32LE(60, bytes.lastIndexOf(Buffer.from('PK\x01\x02')) + 24);
  const path = await jarOf('lying.jar', bytes);
  const before = process.memoryUsage().arrayBuffers;
  await expect(inspectJar(path, undefined)).rejects.toMatchObject({
    kind: 'invalid',
    message: `${path} is not a jar: it is not a zip archive, or a damaged one.`,
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
});

test('an empty manifest names no main class', async () => {
  const path = await jarOf('empty-manifest.jar', zip({ 'META-INF/MANIFEST.MF': '' }));
  await expect(inspectJar(path, undefined)).rejects.toMatchObject({ message: `The manifest of ${path} names no main class.` });
});

test('an archive with more than four gigabytes or 65535 files keeps its numbers elsewhere', async () => {
  const small = zip({ 'META-INF/MANIFEST.MF': 'Main-Class: a.Main\n' });
  const end = small.subarray(-22);
  const [size, offset] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(small.length - 22), 8);
  const marked = Buffer.from(end);
  marked.writeUInt32LE(0xffffffff, 12);
  marked.writeUInt32LE(0xffffffff, 16);
  const path = await jarOf('big.jar', Buffer.concat([small.subarray(0, -22), record, locator, marked]));
  expect((await inspectJar(path, undefined)).mainClass).toBe('a.Main');
});

test('program-class comes before Main-Class', async () => {
  const path = await jarOf('b.jar', zip({ 'META-INF/MANIFEST.MF': 'Main-Class: a.Main\nprogram-class: b.Program\n' }));
  expect((await inspectJar(path, undefined)).mainClass).toBe('b.Program');
});

test('without a main class the ones that could be meant are named', async () => {
  const main = classWith('main', '([Ljava/lang/String;)V');
  const path = await jarOf(
    'c.jar',
    zip({
      'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n',
      'org/example/B.class': main,
      'org/example/A.class': main,
      'org/example/Helper.class': classWith('domain', '([Ljava/lang/String;)V'),
      'META-INF/versions/9/X.class': main,
    }),
  );
  await expect(inspectJar(path, undefined)).rejects.toMatchObject({
    kind: 'invalid',
    message: `The manifest of ${path} names no main class.`,
    hint: 'Name one with -c CLASS. Classes with a main method: org.example.A, org.example.B.',
  });
  expect(await inspectJar(path, 'org.example.A')).toMatchObject({ mainClass: undefined });
});

const said = async (path: string) =>
  inspectJar(path, undefined).then(
    () => 'accepted',
    (error: Error) => error.message,
  );

test('each thing that is not a jar has its own sentence', async () => {
  await mkdir(join(folder, 'd.jar'));
  const whole = zip({ 'META-INF/MANIFEST.MF': 'Main-Class: a.Main\n' });
  expect(await said(join(folder, 'none.jar'))).toBe(`JAR file does not exist: ${join(folder, 'none.jar')}.`);
  expect(await said(join(folder, 'd.jar'))).toBe(`${join(folder, 'd.jar')} is a folder and not a jar.`);
  expect(await said(await jarOf('e.jar', ''))).toContain('is empty');
  expect(await said(await jarOf('f.zip', whole))).toContain('does not end in .jar');
  expect(await said(await jarOf('g.jar', 'not a zip'))).toContain('is not a jar: it is not a zip archive, or a damaged one.');
  for (const cut of [10, 40, whole.length - 30, whole.length - 1])
    expect(await said(await jarOf('h.jar', whole.subarray(0, cut)))).toContain('or a damaged one');
});
