/** Shown instead of a secret. */
export const mask = '******';

/** The text before an `@`, linear however long it is; the digest of an image (`image:tag@sha256:…`) only looks like it. */
const beforeHost = /(?<![^\s/"'@])[^\s/"'@]+@(?!sha\d+:)/g;
/** `user:password@`, with or without a scheme or a name before it. */
const credentials = /(^|[(,;=])([^@:(),;=]*):[^@]+@$/;
/** Too long and too mixed for a user name: a token in its place. */
const tokenAsUser = /^(?=[^@]*\d)(?=[^@]*[A-Za-z])[\w-]{20,}@$/;

/** Addresses without their passwords, and without a token in the place of the user. */
export function maskAddresses(text: string): string {
  if (!text.includes('@')) return text;
  return text.replace(beforeHost, (found, at: number) => {
    if (text.endsWith('//', at) && tokenAsUser.test(found)) return `${mask}@`;
    // A user name does not begin right after another `@`.
    const piece = text[at - 1] === '@' ? `@${found}` : found;
    return piece.replace(credentials, `$1$2:${mask}@`).slice(piece.length - found.length);
  });
}

/**
 * Recognised by their beginning: tokens of GitHub, GitLab, Slack, AWS, Google, npm, Docker, Hugging Face and Stripe, and JSON Web Tokens.
 */
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

/** The word after the scheme of an `Authorization`, if it has a digit or is longer than words are. */
const behindScheme = /\b(Bearer|Basic|Digest|Negotiate)([ \t]+)(?:(?=[^\s\d"',;]*\d)[^\s"',;]{8,}|[^\s"',;]{24,})/gi;

const privateKey = /(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[^-]+/g;

/** A text with everything masked that is secret by its shape, whatever its name. */
export function maskShapes(text: string): string {
  return maskAddresses(text).replace(tokens, mask).replace(behindScheme, `$1$2${mask}`).replace(privateKey, `$1${mask}`);
}

/** Programs that take a password after an option letter. */
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
/** A command line that names a user usually contains a password as well. */
const userOption = /(?<!\S)(?:-[uU](?:[ \t=]|(?!r[li]\b)[^\s:]+:)|--user(?:name)?(?![\w-]))/;

/** Letters that are followed by a password: `surely` if the program is known, otherwise `likely`. */
export interface PasswordLetters {
  readonly surely: string;
  readonly likely: string;
}

/** `login`: the program of this text signs in: a credential plug-in, or a line whose own options have no other use for the letter. */
export function passwordLettersOf(text: string, login = false): PasswordLetters {
  const surely = [...new Set([...text.matchAll(programs)].map(([, program = '']) => passwordLetters[program] ?? ''))].join('');
  return { surely, likely: login || userOption.test(text) ? 'p' : '' };
}

/** `user:password` after `-u`; a port or an address is not a password. */
const signIn = /(?<!\S)((?:-[uU](?!r[li]\b)|--user)(?:[ \t]+|=)?["']?[^\s:"'-][^\s:"']*):(?!\/\/|\d{1,5}(?![^\s"']))[^\s"']+/g;
/** What either of them begins with. */
const anyLetter = /(?<!\S)-(?:[pPwauU]|-user)/;
const letterOption = /(?<!\S)-([pPwa])(=|[ \t]+)?("[^"\n]*"?|'[^'\n]*'?|[^\s"'=-]\S*)/g;

/**
 * A text without the passwords after option letters: `-u me:X`, `mysql -pX`. A number is not a password: `-p 4` is a parallelism, or a
 * port.
 */
export function maskLetterOptions(text: string, given?: PasswordLetters): string {
  if (!anyLetter.test(text)) return text;
  const letters = given ?? passwordLettersOf(text);
  return text
    .replace(signIn, `$1:${mask}`)
    .replace(letterOption, (found, letter: string, gap: string | undefined, value: string) =>
      isPassword(letter, value, gap !== undefined, letters) ? `-${letter}${gap ?? ''}${mask}` : found,
    );
}

/** Whether `value` after `-letter` is a password. Without a space between them, they may be a long option of Java: `-port`. */
export function isPassword(letter: string, value: string, apart: boolean, { surely, likely }: PasswordLetters): boolean {
  if (/^["']?[\d.:]+(?:\/\w+)?["']?$/.test(value)) return false;
  if (surely.includes(letter)) return true;
  return likely.includes(letter) && (apart ? !/^["']?\.{0,2}\/|:\/\//.test(value) : !/^[a-z][a-z-]*(?:[= ]|$)/.test(value));
}
