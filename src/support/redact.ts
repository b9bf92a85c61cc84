/**
 * Parts of keys whose values are secret.
 * Source: `GlobalConfiguration.SENSITIVE_KEYS`, Flink 2.3.
 */
const flinkSensitive = [
  'password', 'secret', 'fs.azure.account.key', 'apikey', 'api-key', 'auth-params', 'service-key', 'token', 'basic-auth', 'jaas.config', 'http-headers',
];

/** What Flink does not know, and what is secret all the same: both halves of an S3 key, private keys, credentials in general. */
const alsoSensitive = ['access-key', 'accesskey', 'private-key', 'privatekey', 'passwd', 'credential'];

/** What stands for a secret on a screen. */
export const mask = '******';

/** Words of a name that are secret by themselves, not as a part of longer words: `db.pw`, `DB_PASS`, but not `bypass`. */
const sensitiveWords = new Set(['pw', 'pwd', 'pass', 'passphrase', 'authorization', 'cookie', 'jwt', 'bearer', 'accountkey', 'sharedkey']);

/** Keys that hold one of the words and name only where something is, not what it is. */
const harmless = ['kubernetes.secrets', 'kubernetes.env.secretkeyref', 'kubernetes.container.image.pull-secrets', 'secretname'];

/** True for a configuration key, a variable or an option whose value must not be displayed. Without regard to case; `_` counts as `-`. */
export function isSensitiveKey(key: string): boolean {
  const lower = key.toLowerCase().replaceAll('_', '-');
  if (harmless.includes(lower)) return false;
  return flinkSensitive.some((part) => lower.includes(part)) || alsoSensitive.some((part) => lower.includes(part)) || lower.split(/[^a-z0-9]+/).some((word) => sensitiveWords.has(word));
}

/** What stands before an `@`, each sign of it looked at once, however long it is; the digest of an image (`image:tag@sha256:…`) only looks like it. */
const beforeHost = /(?<![^\s/"'@])[^\s/"'@]+@(?!sha\d+:)/g;
/** `user:password@`, with or without a scheme or a name before it. */
const credentials = /(^|[(,;=])([^@:(),;=]*):[^@]+@$/;

/** Addresses without the passwords that stand in them. */
export function maskAddresses(text: string): string {
  if (!text.includes('@')) return text;
  return text.replace(beforeHost, (found, at: number) => {
    // No user begins behind another `@`.
    const piece = text[at - 1] === '@' ? `@${found}` : found;
    return piece.replace(credentials, `$1$2:${mask}@`).slice(piece.length - found.length);
  });
}

/** What a value stands behind: `key=`, `key: `, `"key":`, `--option `. */
const names = /(?<![\w.-])(-{0,2}\w[\w.-]*)(?:["']?[ \t]*[=:][ \t]*|(?<=(?<![\w.-])--[\w.-]*)[ \t]+(?!-))/g;
/** A value, quoted or not, and the scheme of an `Authorization` before it. */
const value = /(?:(?:Bearer|Basic|Digest|Negotiate)[ \t]+)?(?:"[^"\n]*"?|'[^'\n]*'?|[^\s&;,"'}\])]+)/iy;

/** A text in which values that are secret by their name, and passwords in addresses, are masked. */
export function maskText(text: string): string {
  const addressed = maskAddresses(text);
  let shown = '';
  let from = 0;
  names.lastIndex = 0;
  for (let found = names.exec(addressed); found !== null; found = names.exec(addressed)) {
    if (!isSensitiveKey(found[1] ?? '')) continue;
    value.lastIndex = names.lastIndex;
    if (!value.test(addressed)) continue;
    shown += addressed.slice(from, names.lastIndex) + mask;
    from = value.lastIndex;
    names.lastIndex = from;
  }
  return shown + addressed.slice(from);
}

/** The value as it may be displayed: the mask for a secret, and what is secret in it masked otherwise. */
export function maskValue(key: string, value: string): string {
  return isSensitiveKey(key) && value !== '' ? mask : maskText(value);
}

/** Data as it may be displayed: values of secret names, of variables with a secret name, and what is secret by its shape, everywhere below. */
export function maskedData(data: unknown): unknown {
  if (typeof data === 'string') return maskText(data);
  if (Array.isArray(data)) return data.map(maskedData);
  if (typeof data !== 'object' || data === null) return data;
  const { name } = data as { readonly name?: unknown };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => {
    if (typeof value !== 'string') return [key, maskedData(value)];
    return [key, maskValue(key === 'value' && typeof name === 'string' ? name : key, value)];
  }));
}
