import { inputOf, type Input } from './input.ts';

/** Final characters of keys without a number. Source: ctlseqs of xterm, PC-style function keys. */
const byFinal: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  E: 'clear',
  Z: 'shift+tab',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

/** Keys with a number before `~`. Source: the same, VT220. */
const byNumber: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** Keys with a character instead, in modifyOtherKeys and in kitty's keyboard protocol. The keypad is from 57399 on. */
const byCharacter: Readonly<Record<string, string>> = {
  9: 'tab',
  13: 'enter',
  27: 'esc',
  32: 'space',
  127: 'backspace',
  8: 'backspace',
  57_414: 'enter',
  57_417: 'left',
  57_418: 'right',
  57_419: 'up',
  57_420: 'down',
  57_421: 'pageup',
  57_422: 'pagedown',
  57_423: 'home',
  57_424: 'end',
  57_426: 'delete',
};

/** The keypad in application mode, after `ESC O`. Source: ctlseqs of xterm, VT220-style function keys. */
const keypad: Readonly<Record<string, string>> = {
  M: 'enter',
  I: 'tab',
  ' ': 'space',
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  p: '0',
  q: '1',
  r: '2',
  s: '3',
  t: '4',
  u: '5',
  v: '6',
  w: '7',
  x: '8',
  y: '9',
};
/** Arrows of rxvt: with Shift after `ESC [`, with Ctrl after `ESC O`. */
const rxvtShift: Readonly<Record<string, string>> = { a: 'up', b: 'down', c: 'right', d: 'left' };
const rxvtControl: Readonly<Record<string, string>> = { a: 'ctrl+up', b: 'ctrl+down', c: 'ctrl+right', d: 'ctrl+left' };

/** Modifiers are a sum, plus one: 1 Shift, 2 Alt, 4 Ctrl. Shift only changes the meaning of Tab. */
function modified(name: string, modifiers: string | undefined, alt: boolean): string {
  const bits = Math.max(0, Number(modifiers?.split(':')[0] || '1') - 1);
  if (name === 'tab' && (bits & 1) !== 0) return 'shift+tab';
  return `${(bits & 4) !== 0 ? 'ctrl+' : ''}${(bits & 2) !== 0 || alt ? 'alt+' : ''}${name}`;
}

const key = (name: string): readonly Input[] => [inputOf(name)];

/** The meaning of a control sequence: a key, a report, or nothing known. */
export function csiInput(parameters: string, final: string, alt: boolean): readonly Input[] {
  if (parameters.startsWith('<')) return mouse(parameters.slice(1), final);
  // Answers of the terminal to earlier questions, and sequences that no key sends.
  if (/[^\d;:[]/.test(parameters)) return [];
  const [first = '', second, third] = parameters.split(';');
  // The Linux console: `ESC [ [ A` is F1.
  if (first === '[') return /^[A-E]$/.test(final) ? key(`f${final.charCodeAt(0) - 64}`) : [];
  if (parameters === '' && (final === 'I' || final === 'O')) return [{ kind: 'report', report: { kind: 'focus', focused: final === 'I' } }];
  switch (final) {
    case '~':
      if (first === '27' && third !== undefined) return character(third, second, alt);
      return numbered(first, second, alt);
    case 'u':
      return character(first, second, alt);
    // rxvt: Ctrl, Shift, both.
    case '^':
    case '@':
      return numbered(first, '5', alt);
    case '$':
      return numbered(first, undefined, alt);
    default:
      return lettered(parameters, final, alt);
  }
}

/** A key that its final character names. `ESC [ 1 ; 5 A`: with another first number it is an answer, such as the position of the cursor. */
function lettered(parameters: string, final: string, alt: boolean): readonly Input[] {
  const [first = '', modifiers] = parameters.split(';');
  if (first !== '' && (first !== '1' || modifiers === undefined)) return [];
  const name = byFinal[final] ?? (parameters === '' ? rxvtShift[final] : undefined);
  return name === undefined ? [] : key(modified(name, modifiers, alt));
}

function numbered(number: string, modifiers: string | undefined, alt: boolean): readonly Input[] {
  const name = byNumber[number];
  return name === undefined ? [] : key(modified(name, modifiers, alt));
}

/** A character with modifiers; their third part tells that the key was released. */
function character(code: string, modifiers: string | undefined, alt: boolean): readonly Input[] {
  if (modifiers?.split(':')[1] === '3') return [];
  const value = Number(code.split(':')[0]);
  const name = byCharacter[value] ?? (value > 0x20 && value < 0xd800 ? String.fromCodePoint(value) : undefined);
  if (name === undefined) return [];
  const shifted = Number(modifiers?.split(':')[0] || '1') === 2 && name.length === 1 ? name.toUpperCase() : name;
  return key(modified(shifted, modifiers, alt));
}

/** A key after `ESC O`; undefined: an unknown one. A single character is text. */
export function ss3Key(final: string, parameters: string, alt: boolean): string | undefined {
  const modifiers = parameters.split(';').at(-1);
  const control = parameters === '' ? rxvtControl[final] : undefined;
  const name = control ?? keypad[final] ?? byFinal[final];
  return name === undefined ? undefined : modified(name, modifiers, alt);
}

/** SGR coordinates: button, column and row, counted from one. */
function mouse(parameters: string, final: string): readonly Input[] {
  const [button, x, y] = parameters.split(';').map(Number);
  if (button === undefined || x === undefined || y === undefined || Number.isNaN(button + x + y)) return [];
  const place = { x: x - 1, y: y - 1 };
  if (button === 64 || button === 65) return [{ kind: 'report', report: { kind: 'wheel', ...place, down: button === 65 } }];
  return button === 0 && final === 'M' ? [{ kind: 'report', report: { kind: 'click', ...place } }] : [];
}
