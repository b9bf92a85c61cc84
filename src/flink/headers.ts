import { validateHeaderName, validateHeaderValue } from 'node:http';
import { Problem } from '../support/problem.ts';

/**
 * Headers for every request, from the text of `FLINK_REST_CLIENT_HEADERS`: one `name:value` a line.
 * Source: `ConfigurationUtils.parseRestHeaders` and `RestClient`, Flink 2.3. Throws a `Problem` of kind `invalid` that never shows a value.
 */
export function parseClientHeaders(text: string | undefined): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  lines.forEach((line, index) => {
    if (line === '') return;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    const value = line.slice(colon + 1).trim();
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      // The value may be a secret: name the line by its number.
      throw new Problem('invalid', `Line ${index + 1} of FLINK_REST_CLIENT_HEADERS is not a header.`, {
        hint: 'Write one name:value a line.',
        cause: error,
      });
    }
    headers[name] = value;
  });
  return headers;
}
