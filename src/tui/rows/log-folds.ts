import { type LogRun, RunFinder, type RunReading } from '../../inside/log/runs.ts';
import type { LogView } from '../../session/types.ts';
import { isMarked } from '../state/log-marks.ts';
import type { LogState } from '../state/ui.ts';

/**
 * Runs are looked for in so many lines at a time, from a number that this divides, and none is longer: what is folded does not depend on
 * what is on the screen, and no frame of a flood looks at more lines than these, however many come.
 */
export const runBlock = 512;
/** Blocks that are remembered: those of several screens of folded lines. */
const mostBlocks = 128;

interface Block {
  /** Number of its oldest line that is kept. */
  readonly from: number;
  readonly finder: RunFinder;
  /** Of the lines that were looked at. */
  fingerprint: number;
  /** The version of the view when they were last compared with it. */
  version: number;
}

/** The lines that are looked at if they were not before: all that are asked for, or in a flood only those of the newest block. */
export type FoldReach = 'all' | 'newest';

const placeOf = (number: number): number => Math.floor(number / runBlock);

/** The runs in the lines of a view, found when they are looked at. */
class ViewFolds {
  readonly #view: LogView;
  readonly #blocks = new Map<number, Block>();
  #version = -1;
  #oldest = 0;
  #end = 0;

  constructor(view: LogView) {
    this.#view = view;
  }

  /** The lines may be others now. */
  lookAgain(): void {
    const { version, dropped, count } = this.#view;
    this.#version = version;
    this.#oldest = dropped;
    this.#end = dropped + count;
  }

  runOf(number: number, reach: FoldReach): LogRun | undefined {
    if (number < this.#oldest || number >= this.#end) return undefined;
    const place = placeOf(number);
    const block = reach === 'all' || place === placeOf(this.#end - 1) ? this.#read(place) : this.#kept(place);
    return block?.finder.runOf(number);
  }

  /** The block as far as its lines were looked at before; undefined: they are others now, or never were. */
  #kept(place: number): Block | undefined {
    const block = this.#blocks.get(place);
    if (block === undefined || block.version === this.#version) return block;
    if (this.#holds(block)) block.version = this.#version;
    else this.#blocks.delete(place);
    return this.#blocks.get(place);
  }

  #read(place: number): Block {
    const block = this.#kept(place) ?? this.#begin(place);
    this.#readOn(block, Math.min((place + 1) * runBlock, this.#end));
    return block;
  }

  /** Neither were lines dropped nor has one come between them. */
  #holds({ from, finder, fingerprint }: Block): boolean {
    return from >= this.#oldest && this.#fingerprint(from, finder.next) === fingerprint;
  }

  #fingerprint(from: number, to: number): number {
    return this.#view.fingerprint(from - this.#oldest, to - this.#oldest);
  }

  #begin(place: number): Block {
    const from = Math.max(place * runBlock, this.#oldest);
    const block: Block = { from, finder: new RunFinder(from), fingerprint: 0, version: this.#version };
    this.#blocks.set(place, block);
    const [first] = this.#blocks.keys();
    if (this.#blocks.size > mostBlocks && first !== undefined) this.#blocks.delete(first);
    return block;
  }

  #readOn(block: Block, end: number): void {
    const { finder } = block;
    if (finder.next >= end) return;
    for (let number = finder.next; number < end; number += 1) {
      const line = this.#view.line(number - this.#oldest);
      if (line === undefined) break;
      finder.add(line);
    }
    block.fingerprint = this.#fingerprint(block.from, finder.next);
  }
}

const known = new WeakMap<LogView, ViewFolds>();

function foldsOf(view: LogView): ViewFolds {
  let folds = known.get(view);
  if (folds === undefined) {
    folds = new ViewFolds(view);
    known.set(view, folds);
  }
  folds.lookAgain();
  return folds;
}

/** Which lines of a log are folded into one. */
export interface Folds {
  /** The run that is folded at this line; undefined: the line stands for itself. */
  readonly foldOf: (number: number) => LogRun | undefined;
  /** The line is not shown: another one of its run stands for it, usually the last. */
  readonly hides: (number: number) => boolean;
}

const nothingFolded: Folds = { foldOf: () => undefined, hides: () => false };

/** What is shown as it was written, and what a filter or a template has found, is not folded. */
export const foldsRuns = ({ folded, raw, filter, template }: LogState): boolean =>
  folded && !raw && filter === undefined && template === undefined;

/**
 * The run in which something was found is open, and those that were opened; a marked line stands for itself. A run that grows on while the log is paused stays at the line
 * where it was.
 */
export function foldsIn(view: LogView, state: LogState, reach: FoldReach = 'all'): Folds {
  if (!foldsRuns(state)) return nothingFolded;
  const folds = foldsOf(view);
  const found = state.found === undefined ? undefined : folds.runOf(state.found, reach);
  const closed = (number: number): LogRun | undefined => {
    const run = folds.runOf(number, reach);
    return run === undefined || run === found || state.opened.includes(run.id) ? undefined : run;
  };
  const anchored = state.anchor === undefined ? undefined : closed(state.anchor);
  const standsFor = (run: LogRun, number: number): boolean => number === (run === anchored ? state.anchor : run.members.at(-1));
  const isStarred = (number: number): boolean => {
    const line = state.marked.length === 0 ? undefined : view.line(number - view.dropped);
    return line !== undefined && isMarked(state.marked, line);
  };
  const foldOf = (number: number): LogRun | undefined => {
    const run = closed(number);
    return run !== undefined && !standsFor(run, number) && isStarred(number) ? undefined : run;
  };
  const hides = (number: number): boolean => {
    const run = foldOf(number);
    return run !== undefined && !standsFor(run, number);
  };
  return { foldOf, hides };
}

/** The run that this line is in, folded or not. */
export const runAt = (view: LogView, number: number): LogRun | undefined => foldsOf(view).runOf(number, 'all');

/** How a run reads its lines, to say what they have in common. */
export const readingOf = (view: LogView): RunReading => ({
  textOf: (number) => view.line(number - view.dropped)?.text ?? '',
  messageOf: (line) => view.reader.head(line)?.message ?? line,
});
