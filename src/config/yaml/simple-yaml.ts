import type { Yaml } from './yaml-read.ts';
import { resolvePlain, type Scalar } from './yaml-scalar.ts';

/** A key of letters, then nothing or a plain text of characters without meaning in YAML, then perhaps a comment. */
const entry = /^( *)([A-Za-z$][\w.$-]*):(?: +(-*[A-Za-z0-9/$_.+=][\w./$+=,@;()~^%:*?&!-]*(?: [\w./$+=,@;()~^%:*?&!-]+)*))? *(?: #.*)?$/;
const ignored = /^ *(?:#.*)?$/;

type Nest = Map<Scalar, Yaml<Scalar>>;

/**
 * Reads the usual content of configuration files, nested keys with plain values, many times faster than a full YAML parser. Undefined if
 * the text contains anything else, valid or not: the other parser reports what is wrong.
 */
export function readSimpleYaml(text: string): Nest | undefined {
  const root: Nest = new Map();
  const open: { readonly indent: number; readonly nest: Nest }[] = [{ indent: 0, nest: root }];
  /** The map of a key that has no value so far. */
  let awaited: { readonly indent: number; readonly nest: Nest } | undefined;
  for (const line of text.split('\n')) {
    if (ignored.test(line)) continue;
    const match = entry.exec(line);
    if (match === null) return undefined;
    const [, spaces = '', key = '', value] = match;
    const indent = spaces.length;
    if (awaited !== undefined && indent <= awaited.indent) return undefined;
    if (awaited !== undefined) open.push({ indent, nest: awaited.nest });
    awaited = undefined;
    while (open.length > 1 && (open.at(-1)?.indent ?? 0) > indent) open.pop();
    const current = open.at(-1);
    if (current === undefined || current.indent !== indent || current.nest.has(key) || resolvePlain(key) !== key) return undefined;
    if (value === undefined) {
      awaited = { indent, nest: new Map() };
      current.nest.set(key, awaited.nest);
    } else {
      if (/:(?: |$)|^\+\./.test(value)) return undefined;
      current.nest.set(key, resolvePlain(value));
    }
  }
  return awaited === undefined ? root : undefined;
}
