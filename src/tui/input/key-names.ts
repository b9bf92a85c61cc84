import type { Key as InkKey } from 'ink';

/** A key as the key table calls it; `text` where it is something that can be typed. */
export interface KeyPress {
  readonly name: string;
  readonly text: string | undefined;
}

const named: readonly (readonly [keyof InkKey, string])[] = [
  ['upArrow', 'up'], ['downArrow', 'down'], ['leftArrow', 'left'], ['rightArrow', 'right'], ['pageDown', 'pagedown'], ['pageUp', 'pageup'],
  ['home', 'home'], ['end', 'end'], ['return', 'enter'], ['escape', 'esc'], ['tab', 'tab'], ['backspace', 'backspace'], ['delete', 'delete'],
];

const controls: Readonly<Record<string, string>> = { '\r': 'enter', '\n': 'enter', '\t': 'tab', '\u007f': 'backspace', '\b': 'backspace', '\u001b': 'esc' };

/**
 * What Ink tells of its input, as single keys: several that arrive together (key repeat, a fast typist, a script) come as one input.
 */
export function keyPresses(input: string, key: InkKey): readonly KeyPress[] {
  if (key.eventType === 'release') return [];
  const modifiers = `${key.ctrl ? 'ctrl+' : ''}${key.meta && !key.escape ? 'alt+' : ''}`;
  for (const [flag, name] of named) {
    if (key[flag] !== true) continue;
    return [{ name: `${modifiers}${key.shift && name === 'tab' ? 'shift+' : ''}${name}`, text: undefined }];
  }
  if (key.ctrl || key.meta) return input === '' ? [] : [{ name: `${modifiers}${input === ' ' ? 'space' : input}`, text: undefined }];
  return Array.from(input, (sign): KeyPress => {
    const control = controls[sign];
    if (control !== undefined) return { name: control, text: undefined };
    const code = sign.charCodeAt(0);
    if (code < 0x20) return { name: `ctrl+${String.fromCharCode(code + 0x60)}`, text: undefined };
    return { name: sign === ' ' ? 'space' : sign, text: sign };
  });
}
