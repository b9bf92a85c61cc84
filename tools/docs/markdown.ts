/** Text for a cell of a table, or for any other place, unformatted. */
export const escaped = (text: string): string => text.replaceAll(/[|<>*_[\]]/g, (sign) => `\\${sign}`);

/** Text as code; a bar must not end a cell. */
export const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The file of a page: blocks with an empty line between them. */
export const page = (...blocks: readonly (string | undefined)[]): string =>
  `${blocks.filter((block) => block !== undefined && block !== '').join('\n\n')}\n`;
