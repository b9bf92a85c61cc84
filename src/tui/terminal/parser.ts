import { inputOf, type Input } from './input.ts';
import { csiInput, ss3Key } from './sequences.ts';

type State =
  | { readonly kind: 'ground' }
  /** One or two ESC came; `inString`: within an answer, which `ESC \` ends. */
  | { readonly kind: 'escape'; readonly count: 1 | 2; readonly inString: boolean }
  /** Nothing followed an ESC in time, so it was the key. Later input may still belong to it. */
  | { readonly kind: 'told'; readonly inString: boolean }
  /** The character after ESC begins an answer of the terminal, or was typed with Alt: the next character decides. */
  | { readonly kind: 'doubt'; readonly sign: string; readonly told: boolean }
  /** Within a control sequence, up to its final character. */
  | { readonly kind: 'csi'; readonly alt: boolean; readonly told: boolean; parameters: string }
  | { readonly kind: 'ss3'; readonly alt: boolean; readonly told: boolean; parameters: string }
  /** The coordinates of a click after `ESC [ M`: three characters without any other meaning. */
  | { readonly kind: 'mouse'; left: number }
  /** OSC, DCS, APC, PM or SOS: an unexpected answer of the terminal. */
  | { readonly kind: 'string' }
  | { readonly kind: 'paste'; readonly parts: string[]; tail: string };

const ground: State = { kind: 'ground' };

/** A lone ESC is the key if nothing follows for this long; a key's bytes come in one piece, except over a slow line. */
const escapeMs = 20;
/** The longest gap within a sequence, and after an ESC that was taken for the key. */
const sequenceMs = 1_000;
/** The longest gap within a text that the terminal sends: a paste whose end never comes must not block the keys forever. */
const textMs = 5_000;

const pasteEnd = '\u001b[201~';
/** The end of an answer of the terminal: BEL, ST, or a key that no answer contains. */
const stringEnd = /[\u0003\u0007\n\r\u0018\u001a\u001b\u009c]/g;
const control = /[\u0000-\u001f\u007f\u0080-\u009f]/g;
/** The C1 controls that begin a sequence, as the character that follows ESC in seven bits. */
const c1: Readonly<Record<string, string>> = {
  '\u0090': 'P',
  '\u0098': 'X',
  '\u009b': '[',
  '\u009d': ']',
  '\u009e': '^',
  '\u009f': '_',
  '\u008f': 'O',
};
/**
 * What begins an answer of the terminal (OSC, DCS, APC, PM, SOS), and how one continues. Source: ctlseqs of xterm, graphics protocol of
 * kitty.
 */
const strings: Readonly<Record<string, RegExp>> = { ']': /[\dlLI]/, P: /[\d>!$+|=?;]/, _: /[A-Za-z]/, '^': /./, X: /./ };

/**
 * Parses the bytes of a terminal, however they are split: the result does not depend on it. Reports and answers of the terminal never count
 * as typed. Each character is examined once, however many come.
 */
export class InputParser {
  #state: State = ground;
  #input: Input[] = [];

  push(chunk: string): readonly Input[] {
    this.#input = [];
    // Ctrl+C gets the user out of everything, even out of a paste that never ends.
    if (chunk === '\u0003' && this.#state.kind === 'paste') this.#endPaste(this.#state);
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
    return this.#input;
  }

  /** Milliseconds after which `silence` must be called unless more input comes; undefined: nothing is open. */
  get patience(): number | undefined {
    switch (this.#state.kind) {
      case 'ground':
        return undefined;
      case 'escape':
        return escapeMs;
      case 'paste':
      case 'string':
        return textMs;
      default:
        return sequenceMs;
    }
  }

  /** Nothing came for `patience`: an open sequence is now taken as it is. */
  silence(): readonly Input[] {
    this.#input = [];
    const state = this.#state;
    this.#state = ground;
    switch (state.kind) {
      case 'escape':
        for (let count = 0; count < state.count; count += 1) this.#key('esc');
        this.#state = { kind: 'told', inString: state.inString };
        break;
      case 'doubt':
        this.#doubted(state);
        break;
      case 'ss3':
        if (state.parameters === '') this.#key(state.told ? 'O' : 'alt+O');
        break;
      case 'csi':
        if (state.parameters === '') this.#key(state.told ? '[' : 'alt+[');
        break;
      case 'paste':
        this.#endPaste(state);
        break;
      default:
        break;
    }
    return this.#input;
  }

  /** Another program used the terminal meanwhile. */
  reset(): void {
    this.#state = ground;
  }

  /** Reads `chunk` from `at`, and returns where to continue. */
  #step(chunk: string, at: number): number {
    const state = this.#state;
    switch (state.kind) {
      case 'ground':
        return this.#typed(chunk, at);
      case 'escape':
        return this.#escaped(chunk, at, state);
      case 'told':
        return this.#afterEscape(chunk, at, state.inString);
      case 'doubt':
        if (strings[state.sign]?.test(chunk.charAt(at)) === true) this.#state = { kind: 'string' };
        else this.#doubted(state);
        return at;
      case 'csi':
        return this.#csi(chunk, at, state);
      case 'ss3':
        return this.#ss3(chunk, at, state);
      case 'mouse':
        state.left -= 1;
        if (state.left === 0) this.#state = ground;
        return at + 1;
      case 'string':
        return this.#string(chunk, at);
      case 'paste':
        return this.#paste(chunk, at, state);
    }
  }

  #key(name: string): void {
    const input = inputOf(name);
    if (input.kind === 'text') this.#text(input.text);
    else this.#input.push(input);
  }

  #doubted({ sign, told }: Extract<State, { kind: 'doubt' }>): void {
    this.#state = ground;
    this.#key(told ? sign : `alt+${sign}`);
  }

  #text(text: string): void {
    const last = this.#input.at(-1);
    if (last?.kind === 'text') this.#input[this.#input.length - 1] = { kind: 'text', text: last.text + text };
    else if (text !== '') this.#input.push({ kind: 'text', text });
  }

  #typed(chunk: string, at: number): number {
    control.lastIndex = at;
    const found = control.exec(chunk);
    const end = found?.index ?? chunk.length;
    this.#text(chunk.slice(at, end));
    if (found === null) return end;
    const [sign] = found;
    if (sign === '\u001b') this.#state = { kind: 'escape', count: 1, inString: false };
    else if (sign < '\u0080') this.#key(controlKey(sign));
    else if (c1[sign] !== undefined) this.#introduced(c1[sign], false, false);
    return end + 1;
  }

  #escaped(chunk: string, at: number, { count, inString }: Extract<State, { kind: 'escape' }>): number {
    const sign = String.fromCodePoint(chunk.codePointAt(at) ?? 0);
    if (sign === '\u001b') {
      // Of three, the first was a separate key.
      if (count === 2) this.#key('esc');
      this.#state = { kind: 'escape', count: 2, inString };
      return at + 1;
    }
    this.#state = ground;
    if (sign === '[' || sign === 'O') {
      this.#introduced(sign, count === 2, false);
      return at + 1;
    }
    if (count === 2) this.#key('esc');
    if (strings[sign] !== undefined) {
      this.#state = { kind: 'doubt', sign, told: false };
      return at + 1;
    }
    if (sign === '\\' && inString) return at + 1;
    const code = sign.charCodeAt(0);
    this.#input.push({ kind: 'key', name: `alt+${code < 0x20 || code === 0x7f ? controlKey(sign) : sign === ' ' ? 'space' : sign}` });
    return at + sign.length;
  }

  /** After an ESC that was taken for the key. */
  #afterEscape(chunk: string, at: number, inString: boolean): number {
    const sign = chunk.charAt(at);
    this.#state = ground;
    if (sign === '\\' && inString) return at + 1;
    // An X is a typed letter, unless more than one key comes at once.
    const isString = strings[sign] !== undefined && (sign !== 'X' || chunk.length - at > 1);
    if (isString) this.#state = { kind: 'doubt', sign, told: true };
    else if (sign === '[' || sign === 'O') this.#introduced(sign, false, true);
    else return at;
    return at + 1;
  }

  /** A sequence begins with `sign`. */
  #introduced(sign: string, alt: boolean, told: boolean): void {
    if (strings[sign] !== undefined) this.#state = { kind: 'string' };
    else this.#state = { kind: sign === '[' ? 'csi' : 'ss3', alt, told, parameters: '' };
  }

  #csi(chunk: string, at: number, state: Extract<State, { kind: 'csi' }>): number {
    const sign = chunk.charAt(at);
    const code = sign.charCodeAt(0);
    // The Linux console begins its function keys with a second bracket.
    const isParameter = (code >= 0x20 && code <= 0x3f) || (sign === '[' && state.parameters === '');
    // rxvt ends a key with Shift in `$`, which otherwise does not end a sequence.
    const isShifted = sign === '$' && /^[235678]$/.test(state.parameters);
    if (isParameter && !isShifted) {
      // No sequence is longer; the rest of one that is longer is ignored.
      if (state.parameters.length < 256) state.parameters += sign;
      return at + 1;
    }
    this.#state = ground;
    // Not the end of a sequence: it was interrupted, and something else begins here.
    if (!isShifted && (code < 0x40 || code > 0x7e)) return at;
    if (sign === 'M' && state.parameters === '') this.#state = { kind: 'mouse', left: 3 };
    else if (sign === '~' && state.parameters === '200') this.#state = { kind: 'paste', parts: [], tail: '' };
    else this.#input.push(...csiInput(state.parameters, sign, state.alt));
    return at + 1;
  }

  #ss3(chunk: string, at: number, state: Extract<State, { kind: 'ss3' }>): number {
    const sign = chunk.charAt(at);
    if (/[\d;]/.test(sign) && state.parameters.length < 16) {
      state.parameters += sign;
      return at + 1;
    }
    this.#state = ground;
    const code = sign.charCodeAt(0);
    if (code < 0x20 || code > 0x7e) return at;
    const name = ss3Key(sign, state.parameters, state.alt);
    if (name !== undefined) this.#key(name);
    return at + 1;
  }

  #string(chunk: string, at: number): number {
    stringEnd.lastIndex = at;
    const found = stringEnd.exec(chunk);
    if (found === null) return chunk.length;
    this.#state = ground;
    const [sign] = found;
    // It begins ST, or something else altogether.
    if (sign === '\u001b') this.#state = { kind: 'escape', count: 1, inString: true };
    else if (sign === '\u0003') this.#key('ctrl+c');
    return found.index + 1;
  }

  #paste(chunk: string, at: number, state: Extract<State, { kind: 'paste' }>): number {
    // The end may be split anywhere: a possible beginning of it waits for the rest.
    const text = state.tail + chunk.slice(at);
    const end = text.indexOf(pasteEnd);
    if (end === -1) {
      const kept = unfinishedEnd(text);
      state.parts.push(text.slice(0, text.length - kept));
      state.tail = text.slice(text.length - kept);
      return chunk.length;
    }
    state.parts.push(text.slice(0, end));
    const behind = at + end + pasteEnd.length - state.tail.length;
    state.tail = '';
    this.#endPaste(state);
    return behind;
  }

  #endPaste({ parts, tail }: Extract<State, { kind: 'paste' }>): void {
    this.#state = ground;
    this.#input.push({ kind: 'paste', text: parts.join('') + tail });
  }
}

/** Length of the longest beginning of the end of a paste with which this text ends. */
function unfinishedEnd(text: string): number {
  for (let length = Math.min(pasteEnd.length - 1, text.length); length > 0; length -= 1)
    if (pasteEnd.startsWith(text.slice(-length))) return length;
  return 0;
}

const controlKeys: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0000': 'ctrl+space',
};

/** `ctrl+c` for `\u0003`. Eight-bit characters are not keys. */
const controlKey = (sign: string): string => controlKeys[sign] ?? `ctrl+${String.fromCharCode(sign.charCodeAt(0) + 0x60)}`;
