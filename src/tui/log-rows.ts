import type { LogView, ViewLine } from '../session/types.ts';
import { formatStamp, formatTime } from '../support/format.ts';
import { head, pad, plain, slice, truncate, width as cells, wrap } from '../support/text-width.ts';
import { words, type Look } from './look.ts';
import type { Token } from './theme.ts';
import type { LogState } from './ui.ts';

/** The head that Flink's default layouts write before a message. Source: conf/log4j-console.properties and logback-console.xml, Flink 2.3. */
const layoutHead = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}\s+(?:\[[^\]]*\]\s+)?(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s+(\S+)\s+(?:\[[^\]]*\]\s*)?-\s+/;
const stackFrame = /^\s+at [\w.$<>/]|^\s*\.\.\. \d+ (?:more|common frames omitted)/;

/** Stack frames that are walked over to find the line they belong to. */
const longestTrace = 2_000;

export interface LogWindow {
  readonly rows: readonly string[];
  /** Numbers of the first and the last line that is seen, counted from the first line ever. */
  readonly first: number;
  readonly last: number;
}

export interface LogDrawing {
  readonly view: LogView;
  readonly state: LogState;
  readonly width: number;
  readonly height: number;
  /** What a pod is called in its column; undefined: all lines are of one pod, and there is no column. */
  readonly source: ((pod: string) => string) | undefined;
  readonly look: Look;
}

export const isStackFrame = (line: ViewLine): boolean => line.story === undefined && stackFrame.test(line.text);

/** Number of the newest line. */
export const newest = (view: LogView): number => view.dropped + view.count - 1;

/** The lines above `state.anchor` (or the newest one) that fill the window. Decodes no more than those. */
export function logWindow(drawing: LogDrawing): LogWindow {
  const { view, state, height } = drawing;
  const bottom = Math.min(state.anchor ?? newest(view), newest(view));
  const oldest = state.anchor === undefined ? Math.max(view.dropped, state.from) : view.dropped;
  const blocks: string[][] = [];
  let rows = 0;
  let frames = 0;
  let first = bottom;
  let walked = 0;
  for (let number = bottom; number >= oldest && rows < height; number--) {
    const line = view.line(number - view.dropped);
    if (line === undefined) break;
    first = number;
    if (state.folded && isStackFrame(line) && walked++ < longestTrace) {
      frames++;
      continue;
    }
    const block = drawLine(drawing, line, number, frames);
    frames = 0;
    blocks.push(block);
    rows += block.length;
  }
  if (frames > 0 && rows < height) blocks.push([foldNote(drawing.look, frames)]);
  const all = blocks.reverse().flat();
  return { rows: all.slice(Math.max(0, all.length - height)), first, last: bottom };
}

const foldNote = ({ glyphs, theme }: Look, frames: number): string => theme.paint('muted', `${glyphs.folded} ${frames} ${frames === 1 ? 'frame' : 'frames'}`);

const levelTones: Readonly<Record<NonNullable<ViewLine['level']>, Token | undefined>> = { TRACE: 'muted', DEBUG: 'muted', INFO: undefined, WARN: 'warn', ERROR: 'error' };

function drawLine({ state, width, height, source, look }: LogDrawing, line: ViewLine, number: number, frames: number): string[] {
  const { theme } = look;
  const stamp = !state.stamps ? '' : `${width >= 90 ? formatStamp(line.at) : formatTime(line.at)} `;
  if (line.story !== undefined) return [storyRule(line.story, stamp, width, look)];

  const match = state.raw ? null : layoutHead.exec(line.text);
  const mark = number === state.found ? theme.paint('accent', look.glyphs.pointer) : ' ';
  const continued = match === null && line.level !== undefined;
  const level = state.raw ? '' : match === null ? (continued ? '      ' : '') : `${pad(match[1] ?? '', 5)} `;
  const where = source === undefined || line.pod === undefined ? '' : `${pad(source(line.pod), 6, 'end', look.glyphs.ellipsis)} `;
  const lead = continued ? ' '.repeat(cells(stamp) + cells(where)) + level : theme.paint('muted', stamp + where) + theme.paint(line.level === undefined ? undefined : levelTones[line.level], level);
  const room = Math.max(1, width - cells(lead) - 2);
  const message = match === null ? line.text.trimEnd() : line.text.slice(match[0].length).trimEnd();
  // Of a line of 64 KiB only what can be seen is looked at.
  const seen = head(message, state.shift + room * (state.wrap ? height : 1));
  const text = paintMessage(seen.replaceAll('\t', '    '), line, state, number, look);
  const fold = frames > 0 ? foldNote(look, frames) : '';
  if (state.wrap) {
    const parts = wrap(text, room);
    const indent = ' '.repeat(cells(lead));
    return [...parts.map((part, index) => `${index === 0 ? mark + lead : ` ${indent}`}${part}`), ...(fold === '' ? [] : [` ${indent}${fold}`])];
  }
  const shifted = state.shift === 0 ? text : slice(text, state.shift, state.shift + room);
  const space = fold === '' ? room : Math.max(1, room - cells(fold) - 3);
  const cut = truncate(shifted, space, look.glyphs.ellipsis);
  return [`${mark}${lead}${cut}${fold === '' ? '' : `   ${fold}`}`];
}

function paintMessage(message: string, line: ViewLine, state: LogState, number: number, { theme, ascii }: Look): string {
  const pattern = state.search?.pattern;
  const bare = plain(message);
  if (pattern !== undefined && pattern.test(bare)) {
    const every = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`);
    const marked = bare.replace(every, (hit) => theme.paint('match', hit));
    return number === state.found ? theme.paint('strong', marked) : marked;
  }
  const shown = theme.depth === 'none' ? bare : message;
  const tone = line.level === 'ERROR' ? 'error' : line.level === 'WARN' ? 'warn' : line.level === 'DEBUG' || line.level === 'TRACE' ? 'muted' : undefined;
  const safe = ascii ? shown.replace(/[^\u0020-\u007e\u001b]/g, '?') : shown;
  return message.includes('\u001b') ? safe : theme.paint(tone, safe);
}

/** `11:34:17.001 ── k8s ─ pod taskmanager-1-3 terminated ────`. */
function storyRule({ from, severity, text }: NonNullable<ViewLine['story']>, stamp: string, width: number, look: Look): string {
  const { theme, glyphs } = look;
  const rule = glyphs.horizontal;
  const lead = `${rule}${rule} `;
  const name = `${from} `;
  const room = Math.max(1, width - cells(stamp) - cells(lead) - cells(name) - 2 - 2 - 2);
  const shown = truncate(words(look, text), room, glyphs.ellipsis);
  const rest = Math.max(0, width - 2 - cells(stamp) - cells(lead) - cells(name) - 2 - cells(shown) - 1);
  const tone: Token | undefined = severity === 'error' ? 'error' : severity === 'warn' ? 'warn' : undefined;
  return ` ${theme.paint('muted', stamp)}${theme.paint('border', lead)}${theme.paint(from, name)}${theme.paint('border', `${rule} `)}${theme.paint(tone, shown)} ${theme.paint('border', rule.repeat(rest))}`;
}

/** `jm`, `tm1-3`: what a pod is called beside its lines. */
export function briefName(shortName: string, severalJobManagers: boolean): string {
  const taskManager = /^taskmanager-(\d+-\d+)$/.exec(shortName);
  if (taskManager !== null) return `tm${taskManager[1]}`;
  if (shortName.startsWith('jobmanager')) return severalJobManagers ? `jm-${shortName.slice(-3)}` : 'jm';
  return shortName;
}

/** The line from which one step up or down leads: frames that are folded away count as one with the line they belong to. */
export function stepLine(view: LogView, folded: boolean, from: number, delta: number): number {
  let number = from + delta;
  if (!folded) return number;
  for (let walked = 0; walked < longestTrace; walked++) {
    // The lowest line of a window is the last frame of its trace, so that the note with their number stands at its line.
    const below = view.line(number + 1 - view.dropped);
    if (below === undefined || !isStackFrame(below) || number < view.dropped) break;
    number += Math.sign(delta);
  }
  return number;
}
