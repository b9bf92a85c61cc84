/** One value of a DER text: its tag byte, and its content. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
}

/** The bytes are not DER. */
export class NotDer extends Error {}

export const derTags = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, context0: 0xa0, implicit0: 0x80 } as const;

/** The consecutive values in `bytes`. Throws `NotDer`; indefinite lengths (BER) are not read. Source: ITU-T X.690. */
export function derValues(bytes: Buffer): readonly Der[] {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const { tag, start, end } = header(bytes, at);
    values.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return values;
}

function header(bytes: Buffer, at: number): { readonly tag: number; readonly start: number; readonly end: number } {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84)
    throw new NotDer('not a DER value');
  const digits = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + digits;
  if (start > bytes.length) throw new NotDer('a value ends too early');
  const end = start + (digits === 0 ? first : bytes.readUIntBE(at + 2, digits));
  if (end > bytes.length) throw new NotDer('a value ends too early');
  return { tag, start, end };
}

/** The values inside a value that must be of this tag. */
export function inside(value: Der | undefined, tag: number): readonly Der[] {
  return derValues(contentOf(value, tag));
}

/** The content of a value that must be of this tag. */
export function contentOf(value: Der | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new NotDer(`a value of tag ${tag} was expected`);
  return value.content;
}

/** `1.2.840.113549`: an object identifier in its usual form. */
export function oidOf(value: Der | undefined): string {
  const [first = 0, ...rest] = contentOf(value, derTags.oid);
  const numbers = [Math.min(2, Math.floor(first / 40))];
  numbers.push(first - 40 * (numbers[0] ?? 0));
  let number = 0;
  for (const byte of rest) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  return numbers.join('.');
}

/** An integer that fits into a `number`. */
export function integerOf(value: Der | undefined): number {
  const bytes = contentOf(value, derTags.integer);
  if (bytes.length === 0 || bytes.length > 6) throw new NotDer('a number is too large');
  return bytes.readUIntBE(0, bytes.length);
}
