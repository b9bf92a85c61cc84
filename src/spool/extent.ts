import type { Instant } from '../support/clock.ts';
import { turnOver } from '../support/turns.ts';
import { openSources, type SpoolRequest } from './reader.ts';
import type { Source } from './source.ts';

/** How much of a log lies before a moment. */
export interface Extent {
  readonly lines: number;
  /** Of the oldest one. */
  readonly from: Instant;
  /** Several writers kept lines of the same time: some may be counted twice. */
  readonly isMost: boolean;
}

/** Decodes only the blocks around the moment: how many lines the others have is written before them. Undefined: there is no line. */
export async function extentBefore(
  { folder, container, signal }: Pick<SpoolRequest, 'folder' | 'container' | 'signal'>,
  before: Instant,
): Promise<Extent | undefined> {
  await using closing = new AsyncDisposableStack();
  const sources = await openSources({ folder, container, to: before }, closing);
  const parts: Part[] = [];
  for (const source of sources) {
    signal?.throwIfAborted();
    const part = await partBefore(source, before);
    if (part !== undefined) parts.push(part);
    await turnOver();
  }
  if (parts.length === 0) return undefined;
  return {
    lines: parts.reduce((sum, { lines }) => sum + lines, 0),
    from: Math.min(...parts.map(({ from }) => from)),
    isMost: parts.some((part) => parts.some((other) => other !== part && other.from < part.to && part.from < other.to)),
  };
}

/** What one writer kept. */
interface Part {
  readonly lines: number;
  readonly from: Instant;
  readonly to: Instant;
}

async function partBefore(source: Source, before: Instant): Promise<Part | undefined> {
  let [lines, from, to] = [0, Infinity, -Infinity];
  for (const block of source.blocks) {
    const { header } = block;
    if (header.first >= before) continue;
    const some = header.last < before ? header.lines : (await source.lines(block)).filter(({ at }) => at < before).length;
    if (some === 0) continue;
    lines += some;
    from = Math.min(from, header.first);
    to = Math.max(to, Math.min(header.last, before));
  }
  return lines === 0 ? undefined : { lines, from, to };
}
