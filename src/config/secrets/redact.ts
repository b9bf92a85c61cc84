import { isPassword, mask, maskLetterOptions, maskShapes, type PasswordLetters, passwordLettersOf } from '../../support/secret-shapes.ts';

export { mask, maskAddresses } from '../../support/secret-shapes.ts';

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

/** Not in Flink's list, but secret: both halves of an S3 key, private keys, credentials in general. */
const alsoSensitive = ['passwd', 'credential'];

/** Keys to something, however their words are joined: `account.key`, `AccountKey`, `SHARED_KEY`. */
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

/** Words that make a name secret, but not as a part of longer words: `db.pw`, `DB_PASS`, but not `bypass`. */
const sensitiveWords = new Set(['pw', 'pwd', 'pass', 'passphrase', 'authorization', 'cookie', 'jwt', 'bearer', 'sig', 'signature', 'sas']);

/** Keys that contain one of the words but only say where a secret is. */
const harmless = ['kubernetes.secrets', 'kubernetes.env.secretkeyref', 'kubernetes.container.image.pull-secrets', 'secretname'];

/** The same names come in every line of a log and in every answer: to judge them costs more than all else that is done with a text. */
const judged = new Map<string, boolean>();
const mostJudged = 5_000;
const longestJudged = 100;

/** True for a configuration key, a variable or an option whose value must not be displayed. Ignores case; `_` counts as `-`. */
export function isSensitiveKey(key: string): boolean {
  const known = judged.get(key);
  if (known !== undefined) return known;
  const sensitive = judge(key);
  if (key.length > longestJudged) return sensitive;
  if (judged.size >= mostJudged) judged.clear();
  judged.set(key, sensitive);
  return sensitive;
}

function judge(key: string): boolean {
  const lower = key.toLowerCase().replaceAll('_', '-');
  if (harmless.includes(lower)) return false;
  if (flinkSensitive.some((part) => lower.includes(part)) || alsoSensitive.some((part) => lower.includes(part))) return true;
  const words = lower.split(/[^a-z0-9]+/);
  const joined = words.join('');
  return openingKeys.some((part) => joined.includes(part)) || words.some((word) => sensitiveWords.has(word));
}

/** The text before a value: `key=`, `key: `, `"key":`, `--option `. */
const names = /(?<![\w.-])(-{0,2}\w[\w.-]*)(?:["']?[ \t]*[=:][ \t]*|(?<=(?<![\w.-])--[\w.-]*)[ \t]+(?!-))/g;
/** A value, quoted or not, with the scheme of an `Authorization` before it. */
const value = /(?:(?:Bearer|Basic|Digest|Negotiate)[ \t]+)?(?:"[^"\n]*"?|'[^'\n]*'?|[^\s&;,"'}\])]+)/iy;

/** Flink masks only values of keys that its own list has. Source: `GlobalConfiguration.loadConfiguration`, Flink 1.18 to 2.3. */
const loadedOption = /(Loading configuration property: ([\w.-]+), )\S.*/g;

/** A text with its secrets masked: values of secret names, secret shapes, and passwords after one of the option `letters`. */
export function maskText(text: string, letters?: PasswordLetters): string {
  const loaded = text.replace(loadedOption, (line, before: string, key: string) => (isSensitiveKey(key) ? before + mask : line));
  const addressed = maskLetterOptions(maskShapes(loaded), letters);
  let shown = '';
  let from = 0;
  names.lastIndex = 0;
  for (let found = names.exec(addressed); found !== null; found = names.exec(addressed)) {
    // Already masked by its shape: the rest, such as the host of an address, is not secret.
    if (addressed.startsWith(mask, names.lastIndex) || !isSensitiveKey(found[1] ?? '')) continue;
    value.lastIndex = names.lastIndex;
    if (!value.test(addressed)) continue;
    shown += addressed.slice(from, names.lastIndex) + mask;
    from = value.lastIndex;
    names.lastIndex = from;
  }
  return shown + addressed.slice(from);
}

/** The value as it may be displayed: the mask if the key is secret, otherwise the value with secret shapes masked. */
export function maskValue(key: string, value: string): string {
  return isSensitiveKey(key) && value !== '' ? mask : maskText(value);
}

/**
 * The words of a command line as they may be displayed: a secret may be the word after its option. `login`: the program of this command
 * line signs in.
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
