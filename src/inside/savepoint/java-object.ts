import { type Bytes, Damaged } from './bytes.ts';

/** An object as Java serializes it. Source: Java Object Serialization Specification, chapter 6. */
export interface JavaObject {
  /** `org.apache.flink.runtime.checkpoint.CheckpointProperties`. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, JavaValue>;
}

/** Of an enum its constant is kept, of numbers and characters nothing. */
export type JavaValue = JavaObject | string | boolean | undefined;

interface Description {
  readonly type: string;
  readonly flags: number;
  readonly fields: readonly { readonly name: string; readonly code: string }[];
  readonly parent: Description | undefined;
}

const codes = { null: 0x70, reference: 0x71, description: 0x72, object: 0x73, string: 0x74, endOfBlock: 0x78, enum: 0x7e } as const;
const firstHandle = 0x7e0000;
/** Objects of a class that writes them itself: nothing is known of their form. */
const serializable = 0x02;
/** Objects hold objects, but not deeper than this. */
const deepest = 16;

const primitiveSizes: Readonly<Record<string, number>> = { B: 1, C: 2, D: 8, F: 4, I: 4, J: 8, S: 2 };

/** Reads one object with its header. Only plain objects, strings and enums, which is what Flink's properties of a checkpoint are made of. */
export function readJavaObject(bytes: Bytes): JavaObject {
  if (bytes.hex(4) !== 'aced0005') throw new Damaged('its properties are not a Java object');
  const value = new Reader(bytes).value(0);
  if (typeof value !== 'object') throw new Damaged('its properties are not a Java object');
  return value;
}

class Reader {
  readonly #bytes: Bytes;
  /** What a later reference can mean, in the order of its first appearance. */
  readonly #known: (JavaValue | Description)[] = [];

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  value(depth: number): JavaValue {
    if (depth > deepest) throw new Damaged('objects in its properties hold each other without end');
    const code = this.#bytes.byte();
    switch (code) {
      case codes.null:
        return undefined;
      case codes.string:
        return this.#string();
      case codes.reference: {
        const known = this.#referenced();
        if (isDescription(known)) throw new Damaged('its properties refer to a class instead of an object');
        return known;
      }
      case codes.enum: {
        this.#description(depth);
        const place = this.#remember();
        const constant = this.value(depth + 1);
        this.#known[place] = constant;
        return constant;
      }
      case codes.object:
        return this.#object(depth);
      default:
        throw new Damaged(`its properties have a part of the unknown kind ${code}`);
    }
  }

  #object(depth: number): JavaObject {
    const description = this.#description(depth);
    if (description === undefined) throw new Damaged('an object in its properties has no class');
    const fields = new Map<string, JavaValue>();
    const object: JavaObject = { type: description.type, fields };
    this.#known[this.#remember()] = object;
    for (const { flags, fields: own } of lineage(description)) {
      if (flags !== serializable) throw new Damaged('an object in its properties has an unknown form');
      for (const { name, code } of own) fields.set(name, this.#field(code, depth));
    }
    return object;
  }

  #field(code: string, depth: number): JavaValue {
    if (code === 'L' || code === '[') return this.value(depth + 1);
    if (code === 'Z') return this.#bytes.boolean();
    const size = primitiveSizes[code];
    if (size === undefined) throw new Damaged(`a field in its properties has the unknown type ${code}`);
    this.#bytes.skip(size);
    return undefined;
  }

  #description(depth: number): Description | undefined {
    if (depth > deepest) throw new Damaged('classes in its properties hold each other without end');
    const code = this.#bytes.byte();
    if (code === codes.null) return undefined;
    if (code === codes.reference) {
      const known = this.#referenced();
      if (!isDescription(known)) throw new Damaged('its properties refer to an object instead of a class');
      return known;
    }
    if (code !== codes.description) throw new Damaged(`its properties have a class of the unknown kind ${code}`);
    const type = this.#bytes.utf();
    this.#bytes.skip(8);
    const place = this.#remember();
    const flags = this.#bytes.byte();
    const fields: { readonly name: string; readonly code: string }[] = [];
    for (let left = this.#bytes.short(); left > 0; left -= 1) {
      const field = String.fromCharCode(this.#bytes.byte());
      fields.push({ name: this.#bytes.utf(), code: field });
      if (field === 'L' || field === '[') this.value(depth + 1);
    }
    if (this.#bytes.byte() !== codes.endOfBlock) throw new Damaged('a class in its properties has an unknown form');
    const description = { type, flags, fields, parent: this.#description(depth + 1) };
    this.#known[place] = description;
    return description;
  }

  #string(): string {
    const text = this.#bytes.utf();
    this.#known[this.#remember()] = text;
    return text;
  }

  #remember(): number {
    return this.#known.push(undefined) - 1;
  }

  #referenced(): JavaValue | Description {
    const place = this.#bytes.int() - firstHandle;
    if (place < 0 || place >= this.#known.length) throw new Damaged('its properties refer to nothing');
    return this.#known[place];
  }
}

const isDescription = (known: JavaValue | Description): known is Description => typeof known === 'object' && 'parent' in known;

/** The class and those that it extends, the most general one first, as their fields are written. */
function lineage(description: Description): readonly Description[] {
  const all: Description[] = [];
  for (let next: Description | undefined = description; next !== undefined; next = next.parent) all.unshift(next);
  return all;
}
