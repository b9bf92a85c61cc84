import { sgrOf } from '../../support/sgr.ts';
/** The styles of a terminal (SGR) after a text. */

const range = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The styles that are drawn here, by the code that ends them. */
const styles: Readonly<Record<number, readonly number[]>> = {
  22: [1, 2],
  23: [3],
  24: [4, 21],
  25: [5],
  26: [6],
  27: [7],
  28: [8],
  29: [9],
  39: [...range(30, 38), ...range(90, 97)],
  49: [...range(40, 48), ...range(100, 107)],
  55: [53],
};

/** The code that ends the style of each code; 0 ends all of them. */
const ends: number[] = [0];
for (const [end, codes] of Object.entries(styles)) for (const code of [Number(end), ...codes]) ends[code] = Number(end);

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
      const end = ends[code];
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
