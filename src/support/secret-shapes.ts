/** What is shown instead of a secret. */
export const mask = '******';

/** What stands before an `@`, each sign of it looked at once, however long it is; the digest of an image (`image:tag@sha256:…`) only looks like it. */
const beforeHost = /(?<![^\s/"'@])[^\s/"'@]+@(?!sha\d+:)/g;
/** `user:password@`, with or without a scheme or a name before it. */
const credentials = /(^|[(,;=])([^@:(),;=]*):[^@]+@$/;
/** Too long, and too much of a mixture, for the name of a user: a token that stands in its place. */
const tokenAsUser = /^(?=[^@]*\d)(?=[^@]*[A-Za-z])[\w-]{20,}@$/;

/** Addresses without the passwords that stand in them, and without a token that stands in the place of the user. */
export function maskAddresses(text: string): string {
  if (!text.includes('@')) return text;
  return text.replace(beforeHost, (found, at: number) => {
    if (text.endsWith('//', at) && tokenAsUser.test(found)) return `${mask}@`;
    // A user name does not begin after another `@`.
    const piece = text[at - 1] === '@' ? `@${found}` : found;
    return piece.replace(credentials, `$1$2:${mask}@`).slice(piece.length - found.length);
  });
}

/** Known by how they begin: tokens of GitHub, GitLab, Slack, AWS, Google, npm, Docker, Hugging Face and Stripe, and JSON Web Tokens. */
const tokens = new RegExp(
  `(?<![\\w-])(?:${[
    'gh[pousr]_\\w{20,}',
    'github_pat_\\w{20,}',
    'glpat-[\\w-]{16,}',
    'xox[abeprs]-[\\w-]{10,}',
    'A(?:KIA|SIA)[A-Z0-9]{16}(?!\\w)',
    'AIza[\\w-]{30,}',
    'ya29\\.[\\w-]{20,}',
    'npm_\\w{30,}',
    'dckr_pat_[\\w-]{20,}',
    'hf_\\w{30,}',
    '[sr]k_live_\\w{16,}',
    'eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]*',
  ].join('|')})`,
  'g',
);

/** What stands behind the scheme of an `Authorization`: a word that has a digit, or is longer than words are. */
const behindScheme = /\b(Bearer|Basic|Digest|Negotiate)([ \t]+)(?:(?=[^\s\d"',;]*\d)[^\s"',;]{8,}|[^\s"',;]{24,})/gi;

const privateKey = /(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[^-]+/g;

/** A text without what is secret by its shape, whatever it is called. */
export function maskShapes(text: string): string {
  return maskAddresses(text).replace(tokens, mask).replace(behindScheme, `$1$2${mask}`).replace(privateKey, `$1${mask}`);
}

/** Programs that take a password behind a letter. */
const passwordLetters: Readonly<Record<string, string>> = {
  mysql: 'p',
  mysqldump: 'p',
  mysqladmin: 'p',
  mariadb: 'p',
  mongo: 'p',
  mongosh: 'p',
  mongodump: 'p',
  sshpass: 'p',
  cqlsh: 'p',
  beeline: 'p',
  docker: 'p',
  podman: 'p',
  sqlcmd: 'P',
  ldapsearch: 'w',
  'redis-cli': 'a',
};
const programs = new RegExp(`(?<![\\w.-])(${Object.keys(passwordLetters).join('|')})(?![\\w.-])`, 'g');
/** Who signs in with a user has a password as well. */
const userOption = /(?<!\S)(?:-[uU](?:[ \t=]|(?!r[li]\b)[^\s:]+:)|--user(?:name)?(?![\w-]))/;

/** Letters behind which a password stands: for sure, as the program says, or likely. */
export interface PasswordLetters {
  readonly surely: string;
  readonly likely: string;
}

/** `login`: whoever wrote the text signs in: a credential plug-in, or a line whose own options have no other use for the letter. */
export function passwordLettersOf(text: string, login = false): PasswordLetters {
  const surely = [...new Set([...text.matchAll(programs)].map(([, program = '']) => passwordLetters[program] ?? ''))].join('');
  return { surely, likely: login || userOption.test(text) ? 'p' : '' };
}

/** `user:password` behind `-u`; a port or an address is not a password. */
const signIn = /(?<!\S)((?:-[uU](?!r[li]\b)|--user)(?:[ \t]+|=)?["']?[^\s:"'-][^\s:"']*):(?!\/\/|\d{1,5}(?![^\s"']))[^\s"']+/g;
const letterOption = /(?<!\S)-([pPwa])(=|[ \t]+)?("[^"\n]*"?|'[^'\n]*'?|[^\s"'=-]\S*)/g;

/** A text without the passwords that stand behind a letter: `-u me:X`, `mysql -pX`. A number is none: `-p 4` is a parallelism, or a port. */
export function maskLetterOptions(text: string, letters = passwordLettersOf(text)): string {
  if (!text.includes('-')) return text;
  return text
    .replace(signIn, `$1:${mask}`)
    .replace(letterOption, (found, letter: string, gap: string | undefined, value: string) =>
      isPassword(letter, value, gap !== undefined, letters) ? `-${letter}${gap ?? ''}${mask}` : found,
    );
}

/** Whether `value` behind `-letter` is a password. Without a blank between them they may be a long option of Java: `-port`. */
export function isPassword(letter: string, value: string, apart: boolean, { surely, likely }: PasswordLetters): boolean {
  if (/^["']?[\d.:]+(?:\/\w+)?["']?$/.test(value)) return false;
  if (surely.includes(letter)) return true;
  return likely.includes(letter) && (apart ? !/^["']?\.{0,2}\/|:\/\//.test(value) : !/^[a-z][a-z-]*(?:[= ]|$)/.test(value));
}
