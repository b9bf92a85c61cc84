import type { CreateNodeOptions, DocumentOptions, ParseOptions, Scalar, SchemaOptions, ToStringOptions } from 'yaml';
import { escaped, isHarmless } from './foreign-text.ts';
import { isMoment } from './format.ts';

/** Data as JSON for programs, ending with a line feed: texts are unchanged, but escaped if a terminal would obey them. */
export const jsonText = (data: unknown): string => `${escaped(JSON.stringify(data, undefined, 2), 'json')}\n`;

/** The same as YAML. */
export async function yamlText(
  data: unknown,
  options: CreateNodeOptions & DocumentOptions & ParseOptions & SchemaOptions & ToStringOptions = {},
): Promise<string> {
  // Few commands need it; a static import would slow down every start.
  const { Document, visit } = await import('yaml');
  const document = new Document(data, options);
  visit(document, {
    // Only double-quoted YAML can escape characters.
    Scalar(_, node: Scalar) {
      if (typeof node.value === 'string' && !isHarmless(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escaped(document.toString(options), 'yaml');
}

/** ISO 8601 in UTC; undefined if there is no such moment: Flink sends -1 for none, and a server may send any number. */
export const isoTime = (at: number | undefined): string | undefined => (isMoment(at) ? new Date(at).toISOString() : undefined);
