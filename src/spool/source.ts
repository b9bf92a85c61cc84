import type { LogLine } from '../kubernetes/model/types.ts';
import type { Instant } from '../support/clock.ts';
import { decodeBody, headerBytes } from './block.ts';
import type { Gap } from './gap.ts';
import { linesIn, textIn } from './pack.ts';
import { disorderMs } from './places.ts';
import type { PlacedBlock, Stretches } from './scan.ts';

/** A block of a source. What is damaged has no body. */
export interface SourceBlock extends PlacedBlock {
  readonly bytes: Stretches;
}

interface Decoded {
  readonly block: SourceBlock;
  readonly body: Uint8Array | undefined;
  lines: readonly LogLine[] | undefined;
}

/** Neighbours in time ask for the same blocks. */
const mostDecoded = 3;

/** What one writer kept of a log, in the order in which it was written; at the same moment, the lines of an earlier writer come first. */
export class Source {
  readonly blocks: SourceBlock[] = [];
  readonly #damaged = new Set<SourceBlock>();
  readonly #mayMatch = new Map<SourceBlock, boolean>();
  #decoded: Decoded[] = [];

  /** Whether a line of the block may be wanted. */
  async mayMatch(block: SourceBlock, among: (lines: string) => boolean): Promise<boolean> {
    const known = this.#mayMatch.get(block);
    if (known !== undefined) return known;
    const { body } = await this.#decode(block);
    // One that is damaged has lines of which nobody knows.
    const may = body === undefined || among(textIn(body, block.header.stamps));
    this.#mayMatch.set(block, may);
    return may;
  }

  /** None if the block is damaged. */
  async lines(block: SourceBlock): Promise<readonly LogLine[]> {
    const decoded = await this.#decode(block);
    if (decoded.lines === undefined) {
      const lines = decoded.body === undefined ? undefined : linesIn({ ...block.header, body: decoded.body });
      if (lines === undefined) this.#damaged.add(block);
      decoded.lines = lines ?? [];
    }
    return decoded.lines;
  }

  /** What is missing before the block, and its own lines if it is damaged. */
  gaps(block: SourceBlock): readonly Gap[] {
    const { first, last, lines, missed, cause } = block.header;
    const before = this.blocks[this.blocks.indexOf(block) - 1]?.header.last;
    return [
      ...(missed > 0 ? [{ lines: missed, from: before, to: first, cause }] : []),
      ...(this.#damaged.has(block) ? [{ lines, from: first, to: last, cause: 'damaged' as const }] : []),
    ];
  }

  async #decode(block: SourceBlock): Promise<Decoded> {
    const found = this.#decoded.find((each) => each.block === block);
    if (found !== undefined) return found;
    const { header, offset, bytes } = block;
    const body = decodeBody(header, await bytes.at(offset + headerBytes, header.stored));
    const decoded: Decoded = { block, body, lines: undefined };
    this.#decoded = [decoded, ...this.#decoded].slice(0, mostDecoded);
    return decoded;
  }

  /** Those with lines from `begin` on and before `end`. Blocks of a writer follow each other in time, but for a moment of disorder. */
  between(begin: Instant, end: Instant): readonly SourceBlock[] {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.blocks[middle]?.header.last ?? 0) < begin - disorderMs) low = middle + 1;
      else high = middle;
    }
    const found: SourceBlock[] = [];
    for (let index = low; index < this.blocks.length; index += 1) {
      const block = this.blocks[index];
      if (block === undefined || block.header.first >= end + disorderMs) break;
      if (block.header.first < end && block.header.last >= begin) found.push(block);
    }
    return found;
  }
}
