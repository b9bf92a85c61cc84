import { isPassword, mask, maskLetterOptions, maskShapes, type PasswordLetters, passwordLettersOf } from './secret-shapes.ts';

export { mask, maskAddresses } from './secret-shapes.ts';

/**
 * Parts of keys whose values are secret.
 * Source: `GlobalConfiguration.SENSITIVE_KEYS`, Flink 2.3.
 */
const flinkSensitive = [
  'password',
  'secret',
  'fs.azure.account.key',
  'apikey',
  'api-key',
  'auth-params',
  'service-key',
  'token',
  'basic-auth',
  'jaas.config',
  'http-headers',
];

/** Not in Flink's list, but secret all the same: both halves of an S3 key, private keys, credentials in general. */
const alsoSensitive = ['passwd', 'credential'];

/** Keys that open something, however their words are joined: `account.key`, `AccountKey`, `SHARED_KEY`. */
const openingKeys = [
  'accesskey',
  'privatekey',
  'accountkey',
  'sharedkey',
  'storagekey',
  'signingkey',
  'masterkey',
  'encryptionkey',
  'servicekey',
  'apikey',
];

/** Words of a name that are secret by themselves, not as a part of longer words: `db.pw`, `DB_PASS`, but not `bypass`. */
const sensitiveWords = new Set(['pw', 'pwd', 'pass', 'passphrase', 'authorization', 'cookie', 'jwt', 'bearer', 'sig', 'signature', 'sas']);

/** Keys that contain one of the words but say only where a secret is, not what it is. */
const harmless = ['kubernetes.secrets', 'kubernetes.env.secretkeyref', 'kubernetes.container.image.pull-secrets', 'secretname'];

/** True for a configuration key, a variable or an option whose value must not be displayed. Without regard to case; `_` counts as `-`. */
export function isSensitiveKey(key: string): boolean {
  const lower = key.toLowerCase().replaceAll('_', '-');
  if (harmless.includes(lower)) return false;
  if (flinkSensitive.some((part) => lower.includes(part)) || alsoSensitive.some((part) => lower.includes(part))) return true;
  const words = lower.split(/[^a-z0-9]+/);
  const joined = words.join('');
  return openingKeys.some((part) => joined.includes(part)) || words.some((word) => sensitiveWords.has(word));
}

/** What a value stands behind: `key=`, `key: `, `"key":`, `--option `. */
const names = /(?<![\w.-])(-{0,2}\w[\w.-]*)(?:["']?[ \t]*[=:][ \t]*|(?<=(?<![\w.-])--[\w.-]*)[ \t]+(?!-))/g;
/** A value, quoted or not, and the scheme of an `Authorization` before it. */
const value = /(?:(?:Bearer|Basic|Digest|Negotiate)[ \t]+)?(?:"[^"\n]*"?|'[^'\n]*'?|[^\s&;,"'}\])]+)/iy;

/** A text in which values are masked that are secret by their name, by their shape or behind a letter of `letters`. */
export function maskText(text: string, letters: PasswordLetters = passwordLettersOf(text)): string {
  const addressed = maskLetterOptions(maskShapes(text), letters);
  let shown = '';
  let from = 0;
  names.lastIndex = 0;
  for (let found = names.exec(addressed); found !== null; found = names.exec(addressed)) {
    // Masked by its shape already: what follows it, such as the host of an address, is not secret.
    if (addressed.startsWith(mask, names.lastIndex) || !isSensitiveKey(found[1] ?? '')) continue;
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

/**
 * The words of a command line as they may be displayed: a secret may stand in the word behind its option. `login`: whose command line it is
 * signs in for sure.
 */
export function maskWords(words: readonly string[], login = false): readonly string[] {
  const letters = passwordLettersOf(words.join(' '), login);
  return words.map((word, index) => {
    const option = /^-{1,2}\w[\w.-]*$/.exec(words[index - 1] ?? '')?.[0];
    if (option === undefined || word === '' || word.startsWith('-')) return maskText(word, letters);
    if (isSensitiveKey(option)) return mask;
    if (option.length === 2 && isPassword(option.slice(1), word, true, letters)) return mask;
    const pair = `${option} `;
    return maskText(pair + word, letters).slice(pair.length);
  });
}

/** Data as it may be displayed: values of secret names, of variables with a secret name, and what is secret by its shape, everywhere below. */
export function maskedData(data: unknown): unknown {
  if (typeof data === 'string') return maskText(data);
  if (Array.isArray(data)) return data.every((each) => typeof each === 'string') ? maskWords(data) : data.map(maskedData);
  if (typeof data !== 'object' || data === null) return data;
  const { name } = data as { readonly name?: unknown };
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (typeof value !== 'string') return [key, maskedData(value)];
      return [key, maskValue(key === 'value' && typeof name === 'string' ? name : key, value)];
    }),
  );
}
