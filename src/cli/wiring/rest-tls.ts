import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import {
  sslRestAuthentication,
  sslRestFingerprint,
  sslRestKeyPassword,
  sslRestKeystore,
  sslRestKeystorePassword,
  sslRestTruststore,
  sslRestTruststorePassword,
  sslVerifyHostname,
} from '../../config/options/options-cluster.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { RestTls } from '../../flink/connections.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { storedCertificates, UnreadableStore } from './pkcs12.ts';

/**
 * TLS of a REST endpoint: which authorities are trusted, and which client certificate is sent (`security.ssl.rest.*`). Stores are PKCS #12,
 * the default of Java since 9, or PEM. With a truststore, the host name in the certificate is not verified unless
 * `security.ssl.verify-hostname` was set to true explicitly: Flink's client never verifies it, and through a port-forward no certificate
 * has the right name. Without a truststore, Node.js's authorities are trusted and the name is verified. A fingerprint is checked in
 * addition, not instead. Source: `SSLUtils.createRestNettySSLContext`, Flink 2.3. Throws a `Problem`.
 */
export function restTls(config: FlinkConfig, cwd: string): RestTls {
  const truststore = config.get(sslRestTruststore);
  const fingerprints = (config.get(sslRestFingerprint) ?? '')
    .split(',')
    .map((text) => text.replaceAll(/[^0-9a-fA-F]/g, '').toUpperCase())
    .filter((text) => text !== '');
  const compares = config.has(sslVerifyHostname) ? config.get(sslVerifyHostname) === true : truststore === undefined;
  return {
    ca: truststore === undefined ? undefined : authorities(resolve(cwd, truststore), config.get(sslRestTruststorePassword) ?? ''),
    ...(config.get(sslRestAuthentication) === true ? ownIdentity(config, cwd) : {}),
    fingerprints: fingerprints.length === 0 ? undefined : fingerprints,
    anyHost: !compares,
  };
}

function authorities(path: string, password: string): readonly string[] {
  const bytes = readStore(path, 'truststore');
  const found = bytes.includes('-----BEGIN CERTIFICATE-----')
    ? [bytes.toString('utf8')]
    : unlocked(path, 'truststore', () => storedCertificates(bytes, password));
  if (found.length === 0) throw new Problem('invalid', `The truststore ${path} holds no certificate.`);
  return found;
}

function ownIdentity(config: FlinkConfig, cwd: string): Pick<RestTls, 'pfx' | 'passphrase'> {
  const keystore = config.get(sslRestKeystore);
  if (keystore === undefined) {
    throw new Problem(
      'invalid',
      'security.ssl.rest.authentication-enabled asks for a certificate of this client, and no keystore has one.',
      { hint: 'Set security.ssl.rest.keystore and security.ssl.rest.keystore-password.' },
    );
  }
  const path = resolve(cwd, keystore);
  const pfx = readStore(path, 'keystore');
  const passphrase = config.get(sslRestKeyPassword) ?? config.get(sslRestKeystorePassword) ?? '';
  unlocked(path, 'keystore', () => createSecureContext({ pfx, passphrase }));
  return { pfx, passphrase };
}

function readStore(path: string, what: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new Problem('invalid', `The ${what} ${path} of security.ssl.rest cannot be read: ${sentence(error)}`, { cause: error });
  }
  // The first bytes of JKS and JCEKS.
  if (['feedfeed', 'cececece'].includes(bytes.subarray(0, 4).toString('hex')))
    throw conversion(path, what, 'is in a format of Java alone (JKS)');
  return bytes;
}

const conversion = (path: string, what: string, why: string): Problem =>
  new Problem('invalid', `The ${what} ${path} ${why}.`, {
    hint: `Convert it: keytool -importkeystore -srckeystore ${path} -destkeystore ${path.replace(/\.\w+$/, '')}-converted.p12 -deststoretype PKCS12`,
  });

function unlocked<T>(path: string, what: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (error instanceof UnreadableStore ? error.reason === 'cipher' : /unsupported/i.test(text))
      throw conversion(path, what, 'is encrypted in a way of before 2021 that is not read here');
    if (error instanceof UnreadableStore ? error.reason === 'password' : /mac verify/i.test(text)) {
      throw new Problem('invalid', `The password of the ${what} ${path} is wrong.`, {
        hint: `It is security.ssl.rest.${what}-password.`,
        cause: error,
      });
    }
    throw new Problem(
      'invalid',
      `The ${what} ${path} is neither PKCS #12${what === 'truststore' ? ' nor PEM' : ''}, or holds ${what === 'truststore' ? 'no certificates' : 'no private key'}.`,
      { cause: error },
    );
  }
}
