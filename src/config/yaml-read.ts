import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import { Problem } from '../support/problem.ts';
import { resolvePlain, type Scalar } from './yaml-scalar.ts';

/** A document with the types of the YAML 1.2 core schema. Maps keep their order, and their keys their type. */
export type YamlValue = Scalar | readonly YamlValue[] | ReadonlyMap<Scalar, YamlValue>;

const maxDepth = 100;
const core = 'tag:yaml.org,2002:';

/** Scalars are resolved here, not by the library: a whole float, a large integer and `0o14` must come out as Flink's parser has them. */
function scalar(node: { readonly value: unknown; readonly type?: string; readonly tag?: string; readonly source?: string }): Scalar {
  const text = node.source ?? String(node.value ?? '');
  const tag = node.tag;
  if (tag === `${core}str` || tag === '!') return String(node.value ?? '');
  if (tag !== undefined && !tag.startsWith(core)) throw new Problem('invalid', `The tag ${tag} is not known.`);
  if (tag !== undefined) return resolvePlain(String(node.value ?? ''));
  return node.type === 'PLAIN' || node.type === undefined ? resolvePlain(text) : String(node.value ?? '');
}

function value(node: Node | null | undefined, document: Document, depth: number): YamlValue {
  if (depth > maxDepth) throw new Problem('invalid', `It is nested more than ${maxDepth} levels deep.`);
  if (node === null || node === undefined) return null;
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target === undefined) throw new Problem('invalid', `The anchor of the alias *${node.source} is missing.`);
    return value(target, document, depth + 1);
  }
  if (isScalar(node)) return scalar(node as Parameters<typeof scalar>[0]);
  if (isSeq(node)) return node.items.map((item) => value(item as Node, document, depth + 1));
  if (isMap(node)) {
    const map = new Map<Scalar, YamlValue>();
    for (const pair of node.items) {
      const key = value(pair.key as Node, document, depth + 1);
      if (Array.isArray(key) || key instanceof Map) throw new Problem('invalid', 'A list or a map cannot be a key.');
      map.set(key as Scalar, value(pair.value as Node | null, document, depth + 1));
    }
    return map;
  }
  return null;
}

/**
 * One YAML document (JSON is YAML). Throws a `Problem` of kind `invalid` for broken text, a key that occurs twice, several documents and
 * unknown tags; its message is one sentence without the name of the file. Source of the rules: snakeyaml-engine 2.6, `CoreSchema`.
 */
export function readYaml(text: string): YamlValue {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true, merge: false, prettyErrors: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const [first = error.message] = error.message.split(/ at line \d+, column \d+/);
    throw new Problem('invalid', `${first.replace(/[.:\s]+$/, '')}${at === undefined ? '' : ` at line ${at.line}, column ${at.col}`}.`, { cause: error });
  }
  return value(document.contents, document, 0);
}
