import type { LogView, ViewLine } from '../../session/types.ts';
import { head, pad, plain, slice, truncate, width as cells, wrap } from '../../support/text-width.ts';
import { highlightAny, marks } from '../state/filter.ts';
import { isMarked } from '../state/log-marks.ts';
import { isReason, isStackFrame, readLine } from '../state/log-text.ts';
import { stampOf, stampWidth } from './log-stamp.ts';
import { words, type Look } from '../look/look.ts';
import { onlyAscii } from '../look/glyphs.ts';
import { levelTones } from '../look/level-tones.ts';
import type { Token } from '../look/theme.ts';
import type { LogRun } from '../../inside/log/runs.ts';
import { type FoldReach, foldsIn, readingOf, runBlock } from './log-folds.ts';
import type { LogState } from '../state/ui.ts';

/** How many stack frames to skip to find the line they belong to. */
const longestTrace = 2_000;

export interface LogWindow {
  readonly rows: readonly string[];
  /** Lines that are seen; what is folded into one is one. */
  readonly lines: number;
  /** Numbers of the first and the last visible line, counted from the very first line. */
  readonly first: number;
  readonly last: number;
  /** All rows of the first line are visible. */
  readonly whole: boolean;
}

export interface LogDrawing {
  readonly view: LogView;
  readonly state: LogState;
  readonly width: number;
  readonly height: number;
  /** The name of a pod in its column; undefined: all lines are of one pod, and there is no column. */
  readonly source: ((pod: string) => string) | undefined;
  readonly look: Look;
  /** Default: all. */
  readonly reach?: FoldReach | undefined;
}

/** Number of the newest line. */
export const newest = (view: LogView): number => view.dropped + view.count - 1;

/** A line of the window, with what is folded into it. */
interface ShownLine {
  readonly line: ViewLine;
  readonly number: number;
  readonly run: LogRun | undefined;
  /** Stack frames below it. */
  readonly frames: number;
}

/** The lines above `state.anchor` (or the newest one) that fill the window. Decodes no others, apart from those that may be a run. */
export function logWindow(drawing: LogDrawing): LogWindow {
  const { view, state, height, reach } = drawing;
  const { dropped } = view;
  const bottom = Math.min(state.anchor ?? newest(view), newest(view));
  const oldest = state.anchor === undefined ? Math.max(dropped, state.from ?? dropped) : dropped;
  const folds = foldsIn(view, state, reach);
  const blocks: string[][] = [];
  let rows = 0;
  let frames = 0;
  let first = bottom;
  let walked = 0;
  for (let number = bottom; number >= oldest && rows < height; number--) {
    first = number;
    if (folds.hides(number)) continue;
    const line = view.line(number - dropped);
    if (line === undefined) break;
    if (state.folded && isStackFrame(line) && walked++ < longestTrace) {
      frames++;
      continue;
    }
    const block = drawLine(drawing, { line, number, run: folds.foldOf(number), frames });
    frames = 0;
    blocks.push(block);
    rows += block.length;
  }
  if (frames > 0 && rows < height) blocks.push([framesNote(drawing.look, frames)]);
  const all = blocks.toReversed().flat();
  return { rows: all.slice(Math.max(0, all.length - height)), lines: blocks.length, first, last: bottom, whole: all.length <= height };
}

const foldNote = ({ glyphs, theme }: Look, what: string): string => theme.paint('muted', `${glyphs.folded} ${what}`);

const framesNote = (look: Look, frames: number): string => foldNote(look, `${frames} ${frames === 1 ? 'frame' : 'frames'}`);

/** What is folded into a line, as long as there is room for it, and in few cells. */
interface Note {
  readonly full: string;
  /** Absent: rather a row of its own than less of the line. */
  readonly short?: string;
}

/** What is folded into a line; undefined: nothing. */
function noteOf(look: Look, { run, frames }: ShownLine, words: string | undefined): Note | undefined {
  if (run === undefined) return frames === 0 ? undefined : { full: framesNote(look, frames) };
  const { length } = run.members;
  if (words !== undefined) return { full: foldNote(look, `${length} lines`), short: foldNote(look, `${length}`) };
  const times = foldNote(look, `${look.ascii ? 'x' : '×'}${length}`);
  return { full: times, short: times };
}

/** The most rows of a reason or an event: the rest is cut. */
const mostRows = 3;

function drawLine(drawing: LogDrawing, shown: ShownLine): string[] {
  const { line, number, run } = shown;
  const { view, state, width, height, look } = drawing;
  const { glyphs } = look;
  const mark = markOf(drawing, line, number);
  const before = state.stamps === 'before' ? view.line(number - 1 - view.dropped) : undefined;
  const stamp = stampOf(line, before, state, width);
  if (line.timeline !== undefined) return timelineRule(line.timeline, stamp, mark, drawing);

  const reader = state.raw ? undefined : view.reader;
  const { message, ...read } = readLine(line, reader);
  const words = run?.words(readingOf(view));
  const lead = leadOf(drawing, line, stamp, { ...read, pods: run?.pods.size ?? 1 });
  const room = Math.max(1, width - cells(lead) - 2);
  const most = state.wrap ? height : isReason(line) && state.shift === 0 ? mostRows : 1;
  const said = words ?? message;
  // Of a line of 64 KiB, only the visible part is processed.
  const seen = head(reader === undefined ? said : reader.plainWords(said), state.shift + room * most);
  const text = paintMessage(seen.replaceAll('\t', '    '), line, drawing, number);
  const indent = ' '.repeat(cells(lead) + 1);
  const parts =
    most > 1
      ? wrap(text, room)
      : [truncate(state.shift === 0 ? text : slice(text, state.shift, Number.MAX_SAFE_INTEGER), room, glyphs.ellipsis)];
  const rows = parts
    .slice(0, most)
    .map(
      (part, index) =>
        `${index === 0 ? mark + lead : indent}${index === most - 1 && parts.length > most ? truncate(`${part}${glyphs.ellipsis}`, room, glyphs.ellipsis) : part}`,
    );
  const note = noteOf(look, shown, words);
  if (note === undefined) return rows;
  return withNote(rows, most > 1 ? { full: note.full } : note, indent, drawing);
}

/** The pointer of the line that was found, or the star of a marked one. */
function markOf({ state: { found, marked }, look: { theme, glyphs } }: LogDrawing, line: ViewLine, number: number): string {
  const star = marked.length > 0 && isMarked(marked, line);
  if (number === found) return theme.paint(star ? 'warn' : 'accent', star ? glyphs.star : glyphs.pointer);
  return star ? theme.paint('accent', glyphs.star) : ' ';
}

/** The note is next to the line that it belongs to; without room for that it is short, or below the line if it would hide part of it. */
function withNote(rows: readonly string[], { full, short }: Note, indent: string, { width, look: { glyphs } }: LogDrawing): string[] {
  const last = rows.at(-1) ?? '';
  const above = rows.slice(0, -1);
  if (cells(last) + cells(full) + 3 <= width - 1) return [...above, `${last}   ${full}`];
  if (short === undefined) return [...rows, `${indent}${full}`];
  return [...above, `${truncate(last, width - 2 - cells(short), glyphs.ellipsis)} ${short}`];
}

/** Cells of a message next to its time, its pod and its level. */
export function messageRoom(state: LogState, width: number, severalPods: boolean): number {
  const { raw } = state;
  return Math.max(1, width - 2 - stampWidth(state, width) - (severalPods ? 7 : 0) - (raw ? 0 : 6));
}

/** Time, pod and level, which precede the message. */
function leadOf(
  { state, source, look }: LogDrawing,
  line: ViewLine,
  stamp: string,
  { level, continued, pods }: { readonly level: string; readonly continued: boolean; readonly pods: number },
): string {
  const { theme, glyphs } = look;
  const where =
    source === undefined || line.pod === undefined
      ? ''
      : `${pad(pods > 1 ? `${pods} pods` : source(line.pod), 6, 'end', glyphs.ellipsis)} `;
  if (continued) return ' '.repeat(cells(stamp) + cells(where) + 6);
  const marked = (text: string): string => highlightAny(marks(state), text, (hit) => theme.paint('match', hit));
  const column = level === '' ? '' : `${pad(level, 5)} `;
  return (
    theme.paint('muted', marked(stamp) + marked(where)) +
    theme.paint(line.level === undefined ? undefined : levelTones[line.level], marked(column))
  );
}

function paintMessage(message: string, line: ViewLine, { state, look: { theme, ascii } }: LogDrawing, number: number): string {
  const bare = plain(message);
  const safe = (text: string): string => (ascii ? onlyAscii(text) : text);
  const marked = highlightAny(marks(state), safe(bare), (hit) => theme.paint('match', hit));
  if (marked !== safe(bare)) return number === state.found ? theme.paint('strong', marked) : marked;
  const shown = safe(theme.depth === 'none' ? bare : message);
  if (message.includes('\u001b')) return shown;
  return theme.paint(line.level === 'INFO' || line.level === undefined ? undefined : levelTones[line.level], shown);
}

/** `11:34:17.001 ── k8s ─ pod taskmanager-1-3 terminated ────`. A longer text continues below: the reason is at its end. */
function timelineRule(
  { from, severity, text }: NonNullable<ViewLine['timeline']>,
  stamp: string,
  mark: string,
  { width, look, state }: LogDrawing,
): string[] {
  const { theme, glyphs } = look;
  const rule = glyphs.horizontal;
  const lead = `${mark}${theme.paint('muted', stamp)}${theme.paint('border', `${rule}${rule} `)}${theme.paint(from, `${from} `)}${theme.paint('border', `${rule} `)}`;
  const room = Math.max(1, width - cells(lead) - 1);
  const tone: Token | undefined = severity === 'error' ? 'error' : severity === 'warn' ? 'warn' : undefined;
  const parts = wrap(head(words(look, text), room * mostRows), room);
  return parts.slice(0, mostRows).map((part, index) => {
    const cut = index === mostRows - 1 && parts.length > mostRows ? truncate(`${part}${glyphs.ellipsis}`, room, glyphs.ellipsis) : part;
    const painted = highlightAny(marks(state), cut, (hit) => theme.paint('match', hit));
    const rest = room - cells(cut) - 1;
    return `${index === 0 ? lead : ' '.repeat(cells(lead))}${theme.paint(tone, painted)}${parts.length === 1 && rest > 0 ? ` ${theme.paint('border', rule.repeat(rest))}` : ''}`;
  });
}

/** The line that is so many steps up or down: what is folded into a line counts as one with it. */
export function stepLine(view: LogView, state: LogState, from: number, delta: number): number {
  const folds = foldsIn(view, state);
  const on = Math.sign(delta);
  // The lowest line of a window is the last frame of its trace, so that the note with the number of frames is at its line.
  const isWithin = (number: number): boolean => {
    if (folds.hides(number)) return true;
    const below = state.folded ? view.line(number + 1 - view.dropped) : undefined;
    return below !== undefined && isStackFrame(below);
  };
  let number = from;
  for (let left = Math.abs(delta); left > 0; left -= 1) {
    number += on;
    for (let walked = 0; walked < longestTrace && number >= view.dropped && isWithin(number); walked += 1) number += on;
  }
  return number;
}

/** The highest line that can be the lowest one of a full window of this height. */
export function leastAnchor(view: LogView, state: LogState, height: number): number {
  return Math.min(newest(view), stepLine(view, state, view.dropped - 1, height));
}

/** The anchor within the lines of the view, with a full window above it. */
export function keptAnchor(view: LogView, state: LogState, height: number, anchor: number): number {
  const kept = Math.min(anchor, newest(view));
  // No more lines than a block has are folded into one.
  return kept >= view.dropped + height * runBlock ? kept : Math.max(kept, leastAnchor(view, state, height));
}
