import { createDecipheriv, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { contentOf, type Der, derTags, derValues, inside, integerOf, oidOf } from './der.ts';

/** `format`: not PKCS #12; `cipher`: encrypted in a way from before 2021 that OpenSSL 3 no longer reads; `password`: the wrong one. */
export class UnreadableStore extends Error {
  readonly reason: 'format' | 'cipher' | 'password';
  constructor(reason: UnreadableStore['reason'], cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

const ids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
} as const;

/** Java uses 10,000; a store with more than this limit is an attack on its reader. */
const mostRounds = 10_000_000;

const hashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
};

/**
 * The certificates of a PKCS #12 store as PEM, in the order of the store. Node.js reads such a store only if it holds a private key, and a
 * truststore has none. Its checksum is not verified. Throws `UnreadableStore`. Source: RFC 7292 and RFC 8018.
 */
export function storedCertificates(store: Buffer, password: string): readonly string[] {
  try {
    const [, authenticated] = inside(derValues(store)[0], derTags.sequence);
    const parts = inside(derValues(dataOf(authenticated))[0], derTags.sequence);
    return parts.flatMap((part) => certificatesOf(contents(part, password)));
  } catch (error) {
    // `NotDer`, or an error of Node.js for an impossible length or number.
    throw error instanceof UnreadableStore ? error : new UnreadableStore('format', error);
  }
}

/** The octets of a ContentInfo of plain data. */
function dataOf(info: Der | undefined): Buffer {
  const [type, content] = inside(info, derTags.sequence);
  if (oidOf(type) !== ids.data) throw new UnreadableStore('format');
  return contentOf(inside(content, derTags.context0)[0], derTags.octets);
}

/** The SafeContents of a ContentInfo, decrypted. */
function contents(info: Der, password: string): readonly Der[] {
  const [type, content] = inside(info, derTags.sequence);
  if (oidOf(type) !== ids.encryptedData) return inside(derValues(dataOf(info))[0], derTags.sequence);
  const [, encrypted] = inside(inside(content, derTags.context0)[0], derTags.sequence);
  const [, algorithm, octets] = inside(encrypted, derTags.sequence);
  const plain = decrypted(contentOf(octets, derTags.implicit0), algorithm, password);
  try {
    return inside(derValues(plain)[0], derTags.sequence);
  } catch (error) {
    // Bytes that look like a valid padding only by chance.
    throw new UnreadableStore('password', error);
  }
}

function decrypted(octets: Buffer, algorithm: Der | undefined, password: string): Buffer {
  const [id, parameters] = inside(algorithm, derTags.sequence);
  if (oidOf(id) !== ids.pbes2) throw new UnreadableStore('cipher');
  const [derivation, encryption] = inside(parameters, derTags.sequence);
  const [derivationId, derivationParameters] = inside(derivation, derTags.sequence);
  const [cipherId, vector] = inside(encryption, derTags.sequence);
  const cipher = ciphers[oidOf(cipherId)];
  const [salt, rounds, ...more] = inside(derivationParameters, derTags.sequence);
  const pseudorandom = more.find(({ tag }) => tag === derTags.sequence);
  const hash = pseudorandom === undefined ? 'sha1' : hashes[oidOf(inside(pseudorandom, derTags.sequence)[0])];
  if (oidOf(derivationId) !== ids.pbkdf2 || cipher === undefined || hash === undefined) throw new UnreadableStore('cipher');
  if (integerOf(rounds) > mostRounds) throw new UnreadableStore('format');
  const key = pbkdf2Sync(password, contentOf(salt, derTags.octets), integerOf(rounds), cipher.keyBytes, hash);
  const decipher = createDecipheriv(cipher.name, key, contentOf(vector, derTags.octets));
  try {
    return Buffer.concat([decipher.update(octets), decipher.final()]);
  } catch (error) {
    throw new UnreadableStore('password', error);
  }
}

function certificatesOf(bags: readonly Der[]): readonly string[] {
  return bags.flatMap((bag) => {
    const [id, value] = inside(bag, derTags.sequence);
    if (oidOf(id) !== ids.certificateBag) return [];
    const [kind, certificate] = inside(inside(value, derTags.context0)[0], derTags.sequence);
    if (oidOf(kind) !== ids.x509) return [];
    return [new X509Certificate(contentOf(inside(certificate, derTags.context0)[0], derTags.octets)).toString()];
  });
}
