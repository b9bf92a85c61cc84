/** The meaning of a colour; panels use nothing else. */
export type Token =
  | 'muted'
  | 'accent'
  | 'ok'
  | 'busy'
  | 'warn'
  | 'error'
  | 'strong'
  | 'border'
  | 'selected'
  | 'match'
  | 'ghost'
  | 'fresh'
  | 'k8s'
  | 'flink'
  | 'drey'
  | 'frame-user'
  | 'frame-flink'
  | 'frame-java'
  | 'frame-native'
  | 'frame-here';

/** Colours that the terminal can show. */
export type ColourDepth = 'none' | '16' | '256' | 'true';

interface Style {
  /** `#rrggbb`, for 256 colours and more. */
  readonly rgb?: string;
  /** SGR code (30-37, 90-97) for a terminal with 16 colours. */
  readonly ansi?: number;
  /** The colour behind the text, for 256 colours and more; a terminal with fewer inverts instead. */
  readonly behind?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
}

type Palette = Readonly<Record<Token, Style>>;

const dark: Palette = {
  muted: { rgb: '#7d8590', ansi: 90 },
  accent: { rgb: '#e0a458', ansi: 96 },
  ok: { rgb: '#7fb77e', ansi: 32 },
  busy: { rgb: '#6cb6d9', ansi: 36 },
  warn: { rgb: '#e5c07b', ansi: 33 },
  error: { rgb: '#f07178', ansi: 91 },
  strong: { bold: true },
  border: { rgb: '#4b535d', ansi: 90 },
  selected: { behind: '#2f3a47', bold: true },
  match: { rgb: '#e5c07b', ansi: 93, inverse: true },
  ghost: { rgb: '#6a727d', ansi: 90 },
  fresh: { bold: true },
  k8s: { rgb: '#6c9ef8', ansi: 94 },
  flink: { rgb: '#c792ea', ansi: 35 },
  drey: { rgb: '#e0a458', ansi: 96 },
  'frame-user': { behind: '#7a4a12', rgb: '#e6edf3', ansi: 33 },
  'frame-flink': { behind: '#27496d', rgb: '#e6edf3', ansi: 36 },
  'frame-java': { behind: '#3c4738', rgb: '#e6edf3', ansi: 37 },
  'frame-native': { behind: '#5c3049', rgb: '#e6edf3', ansi: 35 },
  'frame-here': { behind: '#e6edf3', rgb: '#14181d', bold: true },
};

const light: Palette = {
  ...dark,
  muted: { rgb: '#6a6f76', ansi: 90 },
  accent: { rgb: '#9a4d00', ansi: 34 },
  ok: { rgb: '#2c6e2f', ansi: 32 },
  busy: { rgb: '#00618a', ansi: 36 },
  warn: { rgb: '#8a5a00', ansi: 33, bold: true },
  error: { rgb: '#b3202c', ansi: 31 },
  border: { rgb: '#b3b8bf', ansi: 37 },
  selected: { behind: '#dbe3ec', bold: true },
  match: { rgb: '#8a5a00', ansi: 33, inverse: true },
  ghost: { rgb: '#8a8f96', ansi: 90 },
  k8s: { rgb: '#2257b5', ansi: 34 },
  flink: { rgb: '#7a3aa3', ansi: 35 },
  drey: { rgb: '#9a4d00', ansi: 34 },
  'frame-user': { behind: '#ffd08a', rgb: '#1f2328', ansi: 33 },
  'frame-flink': { behind: '#c4ddff', rgb: '#1f2328', ansi: 36 },
  'frame-java': { behind: '#dde5d3', rgb: '#1f2328', ansi: 90 },
  'frame-native': { behind: '#f2cfe0', rgb: '#1f2328', ansi: 35 },
  'frame-here': { behind: '#1f2328', rgb: '#ffffff', bold: true },
};

const highContrast: Palette = {
  muted: {},
  accent: { rgb: '#00ffff', ansi: 96, bold: true },
  ok: { rgb: '#00ff00', ansi: 92 },
  busy: { rgb: '#00ffff', ansi: 96 },
  warn: { rgb: '#ffff00', ansi: 93, bold: true },
  error: { rgb: '#ff6060', ansi: 91, bold: true },
  strong: { bold: true },
  border: {},
  selected: { inverse: true },
  match: { rgb: '#ffff00', ansi: 93, inverse: true },
  ghost: { underline: true },
  fresh: { bold: true },
  k8s: { rgb: '#00ffff', ansi: 96 },
  flink: { rgb: '#ff80ff', ansi: 95 },
  drey: { rgb: '#ffff00', ansi: 93 },
  'frame-user': { rgb: '#ffff00', ansi: 93 },
  'frame-flink': { rgb: '#00ffff', ansi: 96 },
  'frame-java': {},
  'frame-native': { rgb: '#ff80ff', ansi: 95 },
  'frame-here': { inverse: true, bold: true },
};

const mono: Palette = {
  muted: { dim: true },
  accent: { bold: true },
  ok: {},
  busy: {},
  warn: { bold: true },
  error: { bold: true },
  strong: { bold: true },
  border: { dim: true },
  selected: { inverse: true },
  match: { inverse: true },
  ghost: { dim: true },
  fresh: { bold: true },
  k8s: {},
  flink: {},
  drey: {},
  'frame-user': { bold: true },
  'frame-flink': {},
  'frame-java': { dim: true },
  'frame-native': { underline: true },
  'frame-here': { inverse: true },
};

const palettes = { dark, light, 'high-contrast': highContrast, mono } satisfies Record<string, Palette>;

export type ThemeName = keyof typeof palettes;

export const themeNames = ['dark', 'light', 'high-contrast', 'mono'] as const satisfies readonly ThemeName[];

export const isThemeName = (name: string): name is ThemeName => Object.hasOwn(palettes, name);

export interface Theme {
  readonly name: ThemeName;
  readonly depth: ColourDepth;
  /** The selection is inverted, so colours in it would be inverted, too. */
  readonly invertsSelection: boolean;
  /** The sequences that begin and end the style of `token`. */
  around(token: Token): readonly [open: string, close: string];
  /** `text` in the style of `token`; may be nested. */
  paint(token: Token | undefined, text: string): string;
}

/** The theme, with sequences for what the terminal can show. Without colours, the attributes of `mono` replace them as far as possible. */
export function createTheme(name: ThemeName, depth: ColourDepth): Theme {
  const palette: Palette = depth === 'none' ? mono : palettes[name];
  const pairs = new Map<Token, readonly [open: string, close: string]>();
  for (const [token, style] of Object.entries(palette) as [Token, Style][]) pairs.set(token, sequences(style, depth));
  const around = (token: Token): readonly [open: string, close: string] => pairs.get(token) ?? plainly;
  return {
    name,
    depth,
    invertsSelection: inverts(palette.selected, depth),
    around,
    paint(token, text) {
      const [open, close] = token === undefined ? plainly : around(token);
      if (open === '' || text === '') return text;
      // A cut text resets all styles where it was cut: continue this one.
      return open + (text.includes(reset) ? text.replaceAll(reset, reset + open) : text) + close;
    },
  };
}

const plainly = ['', ''] as const;
const reset = '\u001b[0m';

const inverts = (style: Style, depth: ColourDepth): boolean =>
  style.inverse === true || (style.behind !== undefined && (depth === 'none' || depth === '16'));

function sequences(style: Style, depth: ColourDepth): readonly [open: string, close: string] {
  const open: string[] = [];
  const close: string[] = [];
  const add = (on: string, off: string): void => {
    open.push(`\u001b[${on}m`);
    close.unshift(`\u001b[${off}m`);
  };
  if (style.bold === true) add('1', '22');
  if (style.dim === true) add('2', '22');
  if (style.underline === true) add('4', '24');
  if (inverts(style, depth)) add('7', '27');
  else if (style.behind !== undefined) add(rgbCode(48, style.behind, depth), '49');
  const colour = foreground(style, depth);
  if (colour !== undefined) add(colour, '39');
  return [open.join(''), close.join('')];
}

function foreground({ rgb, ansi }: Style, depth: ColourDepth): string | undefined {
  if (depth === 'none') return undefined;
  if (depth === '16' || rgb === undefined) return ansi === undefined ? undefined : String(ansi);
  return rgbCode(38, rgb, depth);
}

/** `38`: the colour of the text, `48`: the colour behind it. */
function rgbCode(ground: 38 | 48, rgb: string, depth: ColourDepth): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(rgb.slice(at, at + 2), 16)) as [number, number, number];
  return depth === 'true' ? `${ground};2;${red};${green};${blue}` : `${ground};5;${nearestOf256(red, green, blue)}`;
}

/** Index in xterm's table: 16-231 is a cube of 6 levels (0, 95, 135 … 255), 232-255 is a ramp of greys from 8 in steps of 10. */
function nearestOf256(red: number, green: number, blue: number): number {
  if (Math.max(red, green, blue) - Math.min(red, green, blue) < 16) return 232 + Math.max(0, Math.min(23, Math.round((red - 8) / 10)));
  const level = (value: number): number => (value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.floor((value - 35) / 40)));
  return 16 + 36 * level(red) + 6 * level(green) + level(blue);
}
