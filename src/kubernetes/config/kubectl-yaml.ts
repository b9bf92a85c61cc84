import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node, type ParsedNode, type YAMLMap } from 'yaml';
import { Problem } from '../../support/problem.ts';

/**
 * Reads a text as kubectl does: UTF-8, or UTF-16 with a byte order mark; the words of YAML 1.1; the last of duplicate keys; the first of
 * several documents. Throws a `Problem` of kind `invalid` whose message says what is wrong but does not name the file. Source:
 * sigs.k8s.io/yaml 1.4 with its goyaml.v2 (`readerc.go`, `resolve.go`, `decode.go`), checked against kubectl 1.32.
 */
export function readKubectlYaml(bytes: Uint8Array): unknown {
  const document = firstDocument(kubectlText(bytes));
  return document === undefined ? null : value(document.contents, { document, open: new Set(), done: new Map() });
}

/** The text of a file in one of the encodings that kubectl accepts, with line feeds only. */
export function kubectlText(bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (forbidden.test(text)) throw new Problem('invalid', 'It holds control characters.', { hint: 'Is it a text file?' });
  return text.replaceAll(/\r\n|[\r\u0085\u2028\u2029]/g, '\n');
}

/** The documents of such a text; duplicate keys are left to the reader. */
export function kubectlDocuments(text: string): readonly Document.Parsed<ParsedNode>[] {
  const documents = parseAllDocuments<ParsedNode>(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    prettyErrors: true,
    logLevel: 'error',
  });
  return Array.isArray(documents) ? documents : [];
}

const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

function decoded(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    // Also removes the byte order mark.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Problem(
      'invalid',
      `It is not ${encoding === 'utf-8' ? 'UTF-8, and has no byte order mark of UTF-16' : 'UTF-16, as its byte order mark says'}.`,
      { hint: 'Save it as UTF-8.', cause: error },
    );
  }
}

function firstDocument(text: string): Document.Parsed<ParsedNode> | undefined {
  const [document] = kubectlDocuments(text);
  const broken = document?.errors[0];
  // The first line of the library's message ends with the place; the rest is a drawing of it.
  if (broken) throw new Problem('invalid', `${broken.message.split('\n', 1)[0]?.replace(/:$/, '')}.`, { cause: broken });
  const version = document?.directives.yaml;
  if (version?.explicit && version.version !== '1.1')
    throw new Problem('invalid', `It asks for YAML ${version.version}, and kubectl reads 1.1.`, { hint: 'Take the line %YAML away.' });
  return document;
}

interface Reading {
  readonly document: Document;
  /** Nodes that are being read: an alias to one of them would never end. */
  readonly open: Set<Node>;
  /** The values of collections that were read: an alias does not read them again. */
  readonly done: Map<Node, unknown>;
}

function value(node: Node | null, reading: Reading): unknown {
  if (node === null) return null;
  if (isAlias(node)) return value(target(node, reading), reading);
  if (isScalar(node)) return scalar(node as PlainNode);
  if (reading.done.has(node)) return reading.done.get(node);
  if (reading.open.has(node)) throw new Problem('invalid', 'An anchor stands within what it names.');
  reading.open.add(node);
  const read = isSeq(node) ? node.items.map((item) => value(item as Node, reading)) : isMap(node) ? map(node, reading) : null;
  reading.open.delete(node);
  reading.done.set(node, read);
  return read;
}

function target(alias: Node & { readonly source: string; resolve(document: Document): Node | undefined }, { document }: Reading): Node {
  const node = alias.resolve(document);
  if (node === undefined) throw new Problem('invalid', `The anchor of the alias *${alias.source} is missing.`);
  return node;
}

/** Merged keys win over those before the merge, and keys after it win over both. */
function map(node: YAMLMap, reading: Reading): Readonly<Record<string, unknown>> {
  const members = new Map<string, unknown>();
  for (const { key, value: member } of node.items as readonly { readonly key: Node; readonly value: Node | null }[]) {
    if (isMerge(key)) for (const [name, each] of merged(member, reading)) members.set(name, each);
    else members.set(keyOf(value(key, reading)), value(member, reading));
  }
  return Object.fromEntries(members);
}

function keyOf(key: unknown): string {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean') return String(key);
  throw new Problem('invalid', key === null ? 'A key is empty.' : 'A list or a map cannot be a key.');
}

const isMerge = (key: Node): boolean => isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.tag === `${core}merge`);

function merged(node: Node | null, reading: Reading): readonly (readonly [string, unknown])[] {
  // Of several maps the first one wins. A list with an anchor, or a list in a list, is refused.
  const sources = isSeq(node) ? (node.items as readonly Node[]).toReversed() : [node];
  return sources.flatMap((each) => {
    const source = isAlias(each) ? target(each, reading) : each;
    if (isMap(source)) return Object.entries(value(source, reading) as object);
    throw new Problem('invalid', 'A merge key (<<) stands before something that is not a map.');
  });
}

type PlainNode = Node & { readonly value: unknown; readonly type?: string; readonly tag?: string; readonly source?: string };

const core = 'tag:yaml.org,2002:';
const words: Readonly<Record<string, boolean | null>> = Object.fromEntries([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

/** Dates and `1:30` remain strings. Custom tags are ignored. */
function scalar({ value: given, type, tag, source }: PlainNode): unknown {
  // The library decodes `!!binary` by itself.
  if (given instanceof Uint8Array) return Buffer.from(given).toString('utf8');
  const text = typeof given === 'string' ? given : '';
  if (tag === `${core}str` || tag === '!') return text;
  const asked = tag !== undefined && tag.startsWith(core) && tag !== `${core}timestamp`;
  return asked || type === 'PLAIN' ? plain(type === 'PLAIN' ? (source ?? text) : text) : text;
}

function plain(text: string): unknown {
  if (Object.hasOwn(words, text)) return words[text];
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text))
    throw new Problem('invalid', `It holds ${text}, which JSON does not know.`);
  const digits = text.replaceAll('_', '');
  const whole = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|\d+)$/.exec(digits);
  // Only octal digits after a leading zero make it octal; 089 is a decimal number.
  if (whole) return (whole[1] === '-' ? -1 : 1) * Number((whole[2] ?? '').replace(/^0[oO]?(?=[0-7]+$)/, '0o'));
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits)) return Number(digits);
  return text;
}
