import { isAlias, isMap, isScalar, isSeq, Lexer, parseAllDocuments, parseDocument, type Document, type Node } from 'yaml';
import { Problem } from '../../support/problem.ts';
import { resolvePlain, type Scalar } from './yaml-scalar.ts';

/** A document whose plain scalars are of type `S`. Maps keep their order, and their keys their type. */
export type Yaml<S> = S | string | readonly Yaml<S>[] | ReadonlyMap<S | string, Yaml<S>>;

/** A document with the types of the YAML 1.2 core schema. */
export type YamlValue = Yaml<Scalar>;

/** Returns the meaning of a plain scalar. */
type Resolve<S> = (text: string) => S;

const maxDepth = 100;
export const severalDocuments = 'There is more than one document';
const core = 'tag:yaml.org,2002:';

/** The values that a tag allows. Dates (`!!timestamp`) do not exist in YAML 1.2, and bytes (`!!binary`) would become a list of numbers. */
const tagged: Readonly<Record<string, RegExp>> = {
  [`${core}int`]: /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/,
  [`${core}float`]: /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|-?\.inf|\.nan)$/i,
  [`${core}bool`]: /^(?:true|false)$/i,
  [`${core}null`]: /^$/,
};

/** A scalar with an explicit tag, as the constructors of snakeyaml-engine 2.6 read it. */
function withTag<S>(tag: string, text: string, resolve: Resolve<S>): S {
  const pattern = tagged[tag];
  if (pattern === undefined) throw new Problem('invalid', `The tag ${tag} is not known.`);
  if (pattern.test(text)) return resolve(tag === `${core}float` && /^[-+]?[0-9]+$/.test(text) ? `${text}.0` : text);
  if (tag === `${core}bool` || tag === `${core}null`) return resolve('');
  throw new Problem('invalid', `'${text}' is not a ${tag === `${core}int` ? 'whole number' : 'number'}, although its tag says so.`);
}

/** A list or map may have the tag of its own type, but no other. */
function checkTag(tag: string | undefined, own: string): void {
  if (tag !== undefined && tag !== '!' && tag !== core + own)
    throw new Problem('invalid', `The tag ${tag} is not known for a ${own === 'seq' ? 'list' : 'map'}.`);
}

/** Scalars are resolved here, not by the library: a whole float, a large integer and `0o14` must come out as in Flink's parsers. */
function scalar<S>(
  node: { readonly value: unknown; readonly type?: string; readonly tag?: string; readonly source?: string },
  resolve: Resolve<S>,
): S | string {
  const text = String(node.value ?? '');
  const { tag } = node;
  if (tag === undefined) return node.type === 'PLAIN' || node.type === undefined ? resolve(node.source ?? text) : text;
  if (tag === `${core}str` || tag === '!') return text;
  return withTag(tag, text, resolve);
}

interface Reader<S> {
  readonly document: Document;
  readonly resolve: Resolve<S>;
}

function value<S>(node: Node | null | undefined, reader: Reader<S>, depth: number): Yaml<S> {
  if (depth > maxDepth) throw new Problem('invalid', `It is nested more than ${maxDepth} levels deep, or an alias refers to itself.`);
  if (isAlias(node)) {
    const target = node.resolve(reader.document);
    if (target === undefined) throw new Problem('invalid', `The anchor of the alias *${node.source} is missing.`);
    return value(target, reader, depth + 1);
  }
  if (isScalar(node)) return scalar(node as Parameters<typeof scalar>[0], reader.resolve);
  if (isSeq(node)) {
    checkTag(node.tag, 'seq');
    return node.items.map((item) => value(item as Node, reader, depth + 1));
  }
  if (isMap(node)) {
    checkTag(node.tag, 'map');
    const map = new Map<S | string, Yaml<S>>();
    for (const pair of node.items) {
      const key = value(pair.key as Node, reader, depth + 1);
      if (Array.isArray(key) || key instanceof Map) throw new Problem('invalid', 'A list or a map cannot be a key.');
      map.set(key as S | string, value(pair.value as Node | null, reader, depth + 1));
    }
    return map;
  }
  return reader.resolve('');
}

/** The lexer's token for the start of a plain scalar. */
const plainMark = '\x1f';

/** A tab may stand inside a scalar and after a plain one; elsewhere Flink's parser does not accept it as white space. */
function refuseTabs(text: string): void {
  let line = 1;
  let last = '';
  let beforeLast = '';
  for (const token of new Lexer().lex(text)) {
    if (/^[ \t]*\t[ \t]*$/.test(token) && beforeLast !== plainMark)
      throw new Problem('invalid', `A tab stands between values at line ${line}; use spaces.`);
    line += token.split('\n').length - 1;
    beforeLast = last;
    last = token;
  }
}

const parsing = { schema: 'failsafe', uniqueKeys: true, merge: false, prettyErrors: true, logLevel: 'error' } as const;

/**
 * One YAML document, its plain scalars converted by `resolve`. Throws a `Problem` of kind `invalid` for broken text, a duplicate key,
 * several documents and unknown tags; its message is a sentence that does not name the file. Source of the rules: snakeyaml-engine 2.6.
 */
export function readYamlWith<S>(text: string, resolve: Resolve<S>): Yaml<S> {
  if (text.includes('\t')) refuseTabs(text);
  return contentOf(parseDocument(text, parsing), resolve);
}

/** All documents of a text. Throws as `readYamlWith` does. */
export function readYamlDocuments<S>(text: string, resolve: Resolve<S>): readonly Yaml<S>[] {
  if (text.includes('\t')) refuseTabs(text);
  return [...parseAllDocuments(text, parsing)].map((document) => contentOf(document, resolve));
}

function contentOf<S>(document: Document, resolve: Resolve<S>): Yaml<S> {
  const [error] = document.errors;
  if (error === undefined) return value(document.contents, { document, resolve }, 0);
  const at = error.linePos?.[0];
  const [first = error.message] = error.message.split(/ at line \d+, column \d+/);
  const what = error.code === 'MULTIPLE_DOCS' ? severalDocuments : first.replace(/[.:\s]+$/, '');
  throw new Problem('invalid', `${what}${at === undefined ? '' : ` at line ${at.line}, column ${at.col}`}.`, { cause: error });
}

/** Infinity with a plus sign looks like a number, and is refused like a bad one. Source: `ConstructYamlJsonFloat`, snakeyaml-engine 2.6. */
function resolveValue(text: string): Scalar {
  if (/^\+\.inf$/i.test(text) && typeof resolvePlain(text) !== 'string')
    throw new Problem('invalid', `'${text}' is not a number; write ${text.slice(1)}.`);
  return resolvePlain(text);
}

/** The same with the types of the core schema, as in Flink's configuration files. */
export function readYaml(text: string): YamlValue {
  return readYamlWith(text, resolveValue);
}
