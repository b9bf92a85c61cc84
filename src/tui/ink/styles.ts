import { sgrOf } from '../../support/sgr.ts';
/** The styles of a terminal (SGR) after a text. */

/** The code that ends the style of `code`; 0: all of them; undefined: a style that is not drawn here. */
function endOf(code: number): number | undefined {
  if (code === 0) return 0;
  if (code === 1 || code === 2 || code === 22) return 22;
  if (code === 4 || code === 21 || code === 24) return 24;
  if ((code >= 3 && code <= 9) || (code >= 23 && code <= 29)) return code < 20 ? code + 20 : code;
  if ((code >= 30 && code <= 39) || (code >= 90 && code <= 97)) return 39;
  if ((code >= 40 && code <= 49) || (code >= 100 && code <= 107)) return 49;
  if (code === 53 || code === 55) return 55;
  return undefined;
}

/** Number of parameters of the colour that begins at `index`: `38;5;N` and `38;2;R;G;B`. */
function lengthOf(parameters: readonly string[], index: number): number {
  if (parameters[index] !== '38' && parameters[index] !== '48') return 1;
  return parameters[index + 1] === '5' ? 3 : parameters[index + 1] === '2' ? 5 : 1;
}

/** The sequences for the styles that are still active at the end of `text`; an empty text if there are none. */
export function stylesAfter(text: string): string {
  if (!text.includes('\u001b')) return '';
  const on = new Map<number, readonly string[]>();
  for (const sequence of sgrOf(text)) {
    const parameters = sequence.slice(2, -1).split(';');
    for (let index = 0; index < parameters.length; index += lengthOf(parameters, index)) {
      const code = Number.parseInt(parameters[index] ?? '', 10) || 0;
      const end = endOf(code);
      if (end === undefined) continue;
      if (end === 0) on.clear();
      else if (code === end) on.delete(end);
      else {
        const style = parameters.slice(index, index + lengthOf(parameters, index)).join(';');
        // The same code ends bold and faint, and both can be active.
        on.set(end, end === 22 ? [...(on.get(end) ?? []), style] : [style]);
      }
    }
  }
  return [...on.values()]
    .flat()
    .map((style) => `\u001b[${style}m`)
    .join('');
}
