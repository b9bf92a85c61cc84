import { type LogRun, RunFinder, type RunReading } from '../../inside/log/runs.ts';
import type { LogView } from '../../session/types.ts';
import { isMarked } from '../state/log-marks.ts';
import type { LogState } from '../state/ui.ts';

/**
 * Runs are looked for in so many lines at a time, from a number that this divides, and none is longer: what is folded does not depend on
 * what is on the screen, and no frame looks at more than a few times as many lines, however busy the log is.
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

  runOf(number: number): LogRun | undefined {
    if (number < this.#oldest || number >= this.#end) return undefined;
    return this.#block(Math.floor(number / runBlock)).finder.runOf(number);
  }

  #block(place: number): Block {
    const known = this.#blocks.get(place);
    if (known?.version === this.#version) return known;
    const block = known !== undefined && this.#holds(known) ? known : this.#begin(place);
    this.#readOn(block, (place + 1) * runBlock);
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
    const block: Block = { from, finder: new RunFinder(from), fingerprint: 0, version: -1 };
    this.#blocks.delete(place);
    this.#blocks.set(place, block);
    const [first] = this.#blocks.keys();
    if (this.#blocks.size > mostBlocks && first !== undefined) this.#blocks.delete(first);
    return block;
  }

  #readOn(block: Block, end: number): void {
    for (let number = block.finder.next; number < Math.min(end, this.#end); number += 1) {
      const line = this.#view.line(number - this.#oldest);
      if (line === undefined) break;
      block.finder.add(line);
    }
    block.fingerprint = this.#fingerprint(block.from, block.finder.next);
    block.version = this.#version;
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
export function foldsIn(view: LogView, state: LogState): Folds {
  if (!foldsRuns(state)) return nothingFolded;
  const folds = foldsOf(view);
  const found = state.found === undefined ? undefined : folds.runOf(state.found);
  const closed = (number: number): LogRun | undefined => {
    const run = folds.runOf(number);
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
export const runAt = (view: LogView, number: number): LogRun | undefined => foldsOf(view).runOf(number);

/** How a run reads its lines, to say what they have in common. */
export const readingOf = (view: LogView): RunReading => ({
  textOf: (number) => view.line(number - view.dropped)?.text ?? '',
  messageOf: (line) => view.reader.head(line)?.message ?? line,
});
