import type { ColourDepth } from '../look/theme.ts';

/**
 * The colours that the terminal supports, according to its environment. FORCE_COLOR (0-3, as in Node) comes before NO_COLOR, which comes
 * before COLORTERM and TERM.
 */
export function colourDepth(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): ColourDepth {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 'none';
    if (forced === '2') return '256';
    if (forced === '3') return 'true';
    return '16';
  }
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 'none';
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '')) return 'true';
  // Windows Terminal, and the console since Windows 10 1703, support 24 bits and do not set TERM.
  if (platform === 'win32') return 'true';
  const term = env.TERM ?? '';
  if (term === '' || term === 'dumb') return 'none';
  if (/-(direct|truecolor)$|^(xterm-)?(kitty|ghostty|alacritty|wezterm)/i.test(term)) return 'true';
  if (/256/.test(term)) return '256';
  return '16';
}

/** `light` if the terminal reports a light background (COLORFGBG is `fg;bg` or `fg;default;bg`; 7 and 15 are the light ones). */
export function backgroundTheme(env: NodeJS.ProcessEnv): 'dark' | 'light' {
  const background = env.COLORFGBG?.split(';').at(-1);
  return background === '7' || background === '15' ? 'light' : 'dark';
}
