/** A part of the screen, read anew each time: what stands elsewhere does not count. */
export interface PartOnScreen {
  text(): string;
  /** Waits until that stands in it. */
  sees(wanted: string | RegExp): Promise<void>;
  /** Waits until that does not stand in it, or the part is gone. */
  seesNo(unwanted: string | RegExp): Promise<void>;
}

export interface PanelOnScreen extends PartOnScreen {
  /** Its title with the facts beside it. */
  readonly title: string;
  /** The rows between its borders, without the blanks around them. */
  rows(): readonly string[];
  /** The row with the mark of the selected one, without the mark. */
  selected(): string | undefined;
}

export const has = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);

/** Waits until a condition holds, and says in words what was waited for. */
type When = (what: string, condition: () => boolean) => Promise<void>;

export function partOf(name: string, read: () => string, when: When): PartOnScreen {
  return {
    text: read,
    sees: (wanted) => when(`shows ${String(wanted)} in ${name}`, () => has(read(), wanted)),
    seesNo: (unwanted) => when(`is without ${String(unwanted)} in ${name}`, () => !has(read(), unwanted)),
  };
}

/**
 * The rows of the box whose upper border begins with `title`, with its borders, as far as no other box lies over them. Each cell before it is
 * counted as one.
 */
function boxIn(screen: readonly string[], title: string): readonly string[] {
  const begin = `╭ ${title} `;
  const top = screen.findIndex((row) => row.includes(begin));
  if (top < 0) return [];
  const left = screen[top]?.indexOf(begin) ?? 0;
  const right = screen[top]?.indexOf('╮', left) ?? 0;
  const below = screen.slice(top + 1);
  const end = below.findIndex((row) => row[left] === '╰' || row[left] === '╭');
  return [screen[top] ?? '', ...below.slice(0, below[end]?.[left] === '╰' ? end + 1 : end)].map((row) => row.slice(left, right + 1));
}

/** The panel or dialog with this title, or with one that begins with these words. */
export function panelOf(title: string, screen: () => readonly string[], when: When): PanelOnScreen {
  const box = (): readonly string[] => boxIn(screen(), title);
  const rows = (): readonly string[] =>
    box()
      .slice(1, -1)
      .map((row) => row.slice(1, -1).trim());
  return {
    ...partOf(title, () => box().join('\n'), when),
    get title() {
      return (box()[0] ?? '').slice(1, -1).replaceAll('─', ' ').replace(/ +/g, ' ').trim();
    },
    rows,
    selected: () =>
      rows()
        .find((row) => row.startsWith('▸ '))
        ?.slice(2),
  };
}

/** The rows between the header and the first box. */
export function placeIn([, ...below]: readonly string[]): string {
  const first = below.findIndex((row) => row.startsWith('╭'));
  return below.slice(0, Math.max(0, first)).join('\n');
}

/** The box of the last result, otherwise the row where a short one stands. */
export const resultIn = (screen: readonly string[]): string => boxIn(screen, 'Result').join('\n') || (screen.at(-3) ?? '');
