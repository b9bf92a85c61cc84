import type { Phase } from '../../inside/checkpoints/split.ts';
import { graphemes, width } from '../../support/text-width.ts';

/**
 * The characters of the screen, in a set for UTF-8 and one for everything else. Each takes one cell (those for directions and keys may take
 * more).
 */
export interface Glyphs {
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
  readonly horizontal: string;
  readonly vertical: string;
  readonly pointer: string;
  readonly prompt: string;
  readonly star: string;
  readonly dot: string;
  readonly ellipsis: string;
  readonly running: string;
  readonly busy: string;
  readonly done: string;
  readonly failed: string;
  readonly bottleneck: string;
  readonly canceled: string;
  readonly pending: string;
  readonly live: string;
  readonly stale: string;
  readonly lost: string;
  readonly folded: string;
  readonly barFull: string;
  readonly barEmpty: string;
  readonly barFullInverted: string;
  readonly barEmptyInverted: string;
  readonly thumb: string;
  readonly down: string;
  readonly up: string;
  readonly ascending: string;
  readonly descending: string;
  readonly enter: string;
  readonly spinner: readonly string[];
  /** From the lowest to the highest. */
  readonly sparks: readonly string[];
  /** The phases of a checkpoint. They stay apart if a selected row inverts them. */
  readonly phases: Readonly<Record<Phase, string>>;
}

export const unicode: Glyphs = {
  corners: ['╭', '╮', '╰', '╯'],
  horizontal: '─',
  vertical: '│',
  pointer: '▸',
  prompt: '›',
  star: '★',
  dot: '·',
  ellipsis: '…',
  running: '▶',
  busy: '⟳',
  done: '✓',
  failed: '✗',
  bottleneck: '◆',
  canceled: '◼',
  pending: '◌',
  live: '●',
  stale: '◐',
  lost: '○',
  folded: '▸',
  barFull: '█',
  barEmpty: '░',
  barFullInverted: '■',
  barEmptyInverted: '□',
  thumb: '┃',
  down: '↓',
  up: '↑',
  ascending: '↑',
  descending: '↓',
  enter: '⏎',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  phases: { 'start delay': '·', alignment: '░', sync: '█', async: '▒', other: '-' },
};

export const ascii: Glyphs = {
  corners: ['+', '+', '+', '+'],
  horizontal: '-',
  vertical: '|',
  pointer: '>',
  prompt: ':',
  star: '*',
  dot: '-',
  ellipsis: '~',
  running: '=',
  busy: '@',
  done: '+',
  failed: 'x',
  bottleneck: '&',
  canceled: '%',
  pending: 'o',
  live: 'O',
  stale: '?',
  lost: '!',
  folded: ']',
  barFull: '#',
  barEmpty: '.',
  barFullInverted: '#',
  barEmptyInverted: '.',
  thumb: '#',
  // Neither a letter nor the character of a modifier: `v` is a key, and `^` reads as Ctrl.
  down: 'down',
  up: 'up',
  ascending: '+',
  descending: '-',
  enter: 'Enter',
  spinner: ['|', '/', '-', '\\'],
  sparks: ['_', '.', '-', '=', '*', '#'],
  phases: { 'start delay': '.', alignment: '=', sync: '#', async: '+', other: '-' },
};

/** POSIX: the first of LC_ALL, LC_CTYPE and LANG that is set decides. Windows terminals use UTF-8. */
export function isUtf8Locale(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale !== undefined && /utf-?8/i.test(locale);
}

const replacements: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '─': '-',
  '│': '|',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '⏎': 'Enter',
  '›': '>',
  '‹': '<',
  '█': '#',
  '–': '-',
  '—': '-',
  '▸': '>',
};

/** A line for a terminal that has only ASCII, cell by cell: characters without an equivalent become question marks. */
export function onlyAscii(line: string): string {
  if (!/[^\u0020-\u007e\u001b]/.test(line)) return line;
  return graphemes(line)
    .map((sign) => {
      if (/^[\u0020-\u007e\u001b]+$/.test(sign)) return sign;
      const likeness = replacements[sign];
      return likeness?.length === 1 ? likeness : '?'.repeat(width(sign));
    })
    .join('');
}

/** In sentences, keys have names: an arrow that became a letter would be another key. */
const keyNames: Readonly<Record<string, string>> = { '←': 'Left', '→': 'Right', '↑': 'Up', '↓': 'Down' };

/** A text of drey for a terminal that has only ASCII. May become longer. */
export function toAscii(text: string): string {
  return text.replace(/[…·─│→←↑↓⏎›‹█–—▸]/g, (sign) => keyNames[sign] ?? replacements[sign] ?? '?');
}
