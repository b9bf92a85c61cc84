import { isSensitiveKey, mask, maskText, maskValue, maskWords } from './redact.ts';

/** The name that says what a `value` beside it is: that of a variable, or the key of an option. */
export const nameBeside = ({ name, key }: Readonly<Record<string, unknown>>): string =>
  typeof name === 'string' ? name : typeof key === 'string' ? key : 'value';

/**
 * Data as it may be displayed: masks the values of secret names, of variables and options with a secret name, and secret shapes, at every
 * depth. `maskedText`: how a text of it is masked; default: it may be a whole file.
 */
export function maskedData(data: unknown, maskedText: (text: string, key?: string) => string = maskedDocument): unknown {
  if (typeof data === 'string') return maskedText(data);
  if (Array.isArray(data))
    return data.every((each) => typeof each === 'string') ? maskWords(data) : data.map((each) => maskedData(each, maskedText));
  if (typeof data !== 'object' || data === null) return data;
  const fields = data as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (typeof value !== 'string') return [key, maskedData(value, maskedText)];
      const called = key === 'value' ? nameBeside(fields) : key;
      return [key, isSensitiveKey(called) ? maskValue(called, value) : maskedText(value, key)];
    }),
  );
}

/** The text of a file as it may be displayed: in JSON and YAML, the name of a value can stand far from it. `file`: its name. */
export function maskedDocument(text: string, file = ''): string {
  if (/^\s*[{[]/.test(text)) {
    const masked = maskedJson(text);
    if (masked !== undefined) return masked;
  }
  return text.includes('\n') ? maskedYaml(maskText(text), flinkFiles.has(file)) : maskText(text);
}

/** Undefined: it is not JSON, or nothing in it is secret by its structure. */
function maskedJson(text: string): string | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // A flow of YAML, or any other text that begins like JSON.
    return undefined;
  }
  const masked = JSON.stringify(maskedData(data));
  return masked === JSON.stringify(data) ? undefined : masked;
}

/** Their keys are options, which may be written as levels: `s3:`, below it `secret-key:`. */
const flinkFiles: ReadonlySet<string> = new Set(['config.yaml', 'flink-conf.yaml']);

/** A key at the beginning of a line, behind the dashes of lists, and what follows it. */
const keyed = /^([ \t]*(?:-[ \t]+)*)["']?([\w.$/-]+)["']?[ \t]*:(?:[ \t]+(.*))?$/;
interface Level {
  readonly column: number;
  /** The keys above it count if they are those of options. */
  readonly key: string;
  readonly secret: boolean;
  /** Its value began beside it: the lines below go on with it, whatever they look like. */
  readonly hasText: boolean;
}

/** Masks what stands below a secret name, or beside one: `name: DB_PASSWORD`, then `value: …`. */
function maskedYaml(text: string, isFlink: boolean): string {
  const levels: Level[] = [];
  let named: { readonly column: number; readonly name: string } | undefined;
  const pathOf = (key: string, above: Level | undefined): string => (isFlink && above !== undefined ? `${above.key}.${key}` : key);
  const shown = (line: string): string => {
    const above = levelAbove(line, levels);
    const found = above?.secret === true && above.hasText ? null : keyed.exec(line);
    if (found === null) return above?.secret === true ? line.replace(content, mask) : line;
    const [, { length: column } = '', key = '', value = ''] = found;
    if (key === 'name') named = { column, name: value };
    const path = pathOf(key, above);
    const secret = isSensitiveKey(key === 'value' && named?.column === column ? named.name : path);
    const hasText = value !== '' && !value.startsWith('#');
    levels.push({ column, key: path, secret, hasText });
    return secret && hasText ? `${line.slice(0, line.length - value.length)}${mask}` : line;
  };
  return text.split('\n').map(shown).join('\n');
}

/** The content of a line, behind the dash of a list. */
const content = /(?<=^[ \t]*(?:-[ \t]+)?)(?!-[ \t])\S.*$/;

/** Leaves the levels that have ended before this line. The items of a list may stand as far left as its key. */
function levelAbove(line: string, levels: Level[]): Level | undefined {
  const column = line.search(/\S/);
  if (column < 0) return levels.at(-1);
  const from = /^\s*-\s/.test(line) ? column + 1 : column;
  while (from <= (levels.at(-1)?.column ?? -1)) levels.pop();
  return levels.at(-1);
}
