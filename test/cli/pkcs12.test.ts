import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storedCertificates, UnreadableStore } from '../../src/cli/wiring/pkcs12.ts';

/** Made with keytool of Java 17, password `changeit`: `legacy.p12` with -Dkeystore.pkcs12.legacy, `open.p12` without encryption and checksum. */
const store = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../cli/stores', name));

const certificate = new X509Certificate(store('server.pem')).toString();

function reasonOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof UnreadableStore ? error.reason : error;
  }
}

test.each([['trust.p12'], ['open.p12'], ['server.p12']])('the certificate in %s is found', (name) => {
  expect(storedCertificates(store(name), 'changeit')).toEqual([certificate]);
});

test.each([
  ['trust.p12', 'wrong', 'password'],
  ['trust.p12', '', 'password'],
  ['legacy.p12', 'changeit', 'cipher'],
  ['trust.jks', 'changeit', 'format'],
  ['server.pem', '', 'format'],
])('%s with the password "%s" is refused for its %s', (name, password, reason) => {
  expect(reasonOf(() => storedCertificates(store(name), password))).toBe(reason);
});

test('whatever is cut off or damaged is refused, and nothing else is thrown', () => {
  const whole = store('trust.p12');
  // What stands behind the store's contents is its checksum, which is not looked at.
  const end = whole.indexOf(Buffer.from('060960864801650304020105', 'hex'));
  for (let length = 0; length < whole.length; length += 7)
    expect(reasonOf(() => storedCertificates(whole.subarray(0, length), 'changeit'))).toBe('format');
  // Each costs the derivation of a key.
  for (let at = 0; at < end - 20; at += 3) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    const result = reasonOf(() => storedCertificates(damaged, 'changeit'));
    expect(Array.isArray(result) ? 'array' : result, `byte ${at}`).toMatch(/^(format|cipher|password|array)$/);
  }
});
