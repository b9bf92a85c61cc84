import type { CreateNodeOptions, DocumentOptions, ParseOptions, Scalar, SchemaOptions, ToStringOptions } from 'yaml';
import { escaped, isHarmless } from './foreign-text.ts';
import { isMoment } from './format.ts';

/** Data as JSON for programs, with a line end: every text as it is, escaped if a terminal would obey it. */
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
    // Only between double quotes a character can be escaped.
    Scalar(_, node: Scalar) {
      if (typeof node.value === 'string' && !isHarmless(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escaped(document.toString(options), 'yaml');
}

/** ISO 8601 in UTC; undefined if there is no such moment: Flink says -1 for one, and a server may say anything. */
export const isoTime = (at: number | undefined): string | undefined => (isMoment(at) ? new Date(at).toISOString() : undefined);
