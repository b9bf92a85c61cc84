import { selectWorst } from '../../session/selectors/worst.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatAge, formatBytes, formatSpan } from '../../support/format.ts';
import { pad, truncate, width as cells } from '../../support/text-width.ts';
import { visiblePart } from '../state/line-text.ts';
import { type ActionId, type KeyTable } from '../state/keys.ts';
import { firstLabel, keyLabel } from '../state/key-labels.ts';
import { words } from '../look/look.ts';
import type { DialogState } from '../state/question.ts';
import type { Frame } from '../state/ui.ts';
import { startSentence } from './staleness.ts';
import type { Candidate, Completion } from '../../commands/line/completion.ts';
import type { Tone } from '../../commands/model/types.ts';
import type { Token } from '../look/theme.ts';
import { leadsBack } from '../state/way-back.ts';
import { fitHints } from './hints.ts';
import { promptOf } from '../state/overlay.ts';
import { rulesOf, type Place } from '../state/places.ts';
import { focusOf, here } from '../state/trail.ts';

export const toneTokens: Readonly<Record<Tone, Token | undefined>> = {
  info: undefined,
  event: undefined,
  good: 'ok',
  warn: 'warn',
  error: 'error',
};

/** The last result, if it fits into one row and nothing is wrong: otherwise it has its own box, so that it does not hide a problem. */
export function shortResult({ session, now, ui: { result }, look }: Frame, width: number): string | undefined {
  if (selectWorst(session, now) !== undefined) return undefined;
  const [only] = result?.lines ?? [];
  return result?.lines.length === 1 && only !== undefined && cells(words(look, only)) <= width - 2 ? only : undefined;
}

/** The row above the command line: the last result while it is new, otherwise the worst problem in words. */
export function drawProblem(frame: Frame, width: number): string {
  const { ui, look, session } = frame;
  const { theme, glyphs } = look;
  const line = (text: string): string => pad(text, width, 'end', glyphs.ellipsis);
  const problem = promptOf(ui.overlay)?.problem;
  if (problem !== undefined) return line(` ${theme.paint('warn', words(look, problem))}`);
  const result = shortResult(frame, width);
  if (result !== undefined) return line(` ${theme.paint(toneTokens[ui.result?.tone ?? 'info'], words(look, result))}`);
  const worst = selectWorst(session, frame.now);
  if (worst === undefined) return line(` ${theme.paint('muted', words(look, startSentence(session, frame.now) ?? ''))}`);
  const outage = outageSentence(frame, width - 2);
  if (outage !== undefined) return line(` ${theme.paint('warn', words(look, outage))}`);
  const more = worst.more === 0 ? '' : `  ${theme.paint('muted', `+${worst.more} more`)}`;
  const command = `${more}${worst.command === undefined ? '' : `  ${theme.paint('accent', words(look, worst.command))}`}`;
  const room = width - 3 - cells(command);
  const span = worst.since === undefined ? '' : ` for ${formatSpan(frame.now - worst.since)}`;
  const text = truncate(`${words(look, worst.text)}${span}.`, room, glyphs.ellipsis);
  return line(` ${theme.paint(worst.severity, '!')} ${theme.paint(worst.severity, text)}${command}`);
}

/** A shorter wait for the next try is over before anyone has read about it. */
const worthSayingMs = 3_000;

/**
 * The API server is unreachable, hangs or refuses: one calm line with the reason, what can be done and, if there is room, what still works.
 */
function outageSentence({ session, keys, ui, now }: Frame, room: number): string | undefined {
  const status = session.sources.get('pods');
  if (status?.problem === undefined || !['lost', 'stale', 'denied'].includes(status.state)) return undefined;
  const reason = oneLine(status.problem.message).replace(/\.$/, '');
  const problem = status.state === 'stale' ? `${reason} for ${formatSpan(now - status.since)}.` : `${reason}.`;
  // Nothing is tried in the past.
  if (session.past !== undefined) return truncate(problem, room);
  const hint = status.problem.hint === undefined ? '' : ` ${oneLine(status.problem.hint)}`;
  const wait = (status.nextTryAt ?? now) - now;
  const next = wait >= worthSayingMs ? ` Next try in ${formatSpan(wait)};` : '';
  const retry = `${focusOf(ui.trail) === 'command' ? 'refresh' : keyLabel(keys['panel.retry'].keys[0] ?? 'refresh')} retries now.`;
  const all = [
    `${problem}${hint} drey keeps retrying, and nothing is lost.${next} ${retry}`,
    `${problem}${hint}${next} ${retry}`,
    `${problem} drey keeps retrying.${next} ${retry}`,
    `${problem}${next} ${retry}`,
    `${problem} ${retry}`,
  ];
  return all.find((text) => cells(text) <= room) ?? `${truncate(problem, Math.max(0, room - cells(retry) - 1))} ${retry}`;
}

/** A row with a text field in it, and the cell of the cursor. */
export interface FieldRow {
  readonly row: string;
  readonly cursor: number | undefined;
}

/** Cells before the typed text on the command line: a space, the prompt character, a space. */
export const lineStart = 3;

/** The command line, or the prompt of a panel in its place. */
export function drawCommand(frame: Frame, width: number): FieldRow {
  const { ui, look } = frame;
  const { theme, glyphs } = look;
  const prompt = promptOf(ui.overlay);
  if (prompt !== undefined) {
    const label = prompt.purpose === 'filter' ? '/' : 'find ';
    return fieldRow(
      {
        lead: ` ${theme.paint('accent', label)}`,
        line: prompt.line,
        ghost: '',
        note: 'a regular expression; ! in front leaves out, && adds another',
      },
      width,
      frame,
    );
  }
  if (ui.command.search !== undefined) {
    const found = ui.command.search.found?.line ?? '';
    return fieldRow(
      { lead: ` ${theme.paint('accent', 'history')} `, line: ui.command.search.query, ghost: '', note: `${glyphs.prompt} ${found}` },
      width,
      frame,
    );
  }
  const focused = focusOf(ui.trail) === 'command' && ui.overlay.kind !== 'dialog';
  const lead = ` ${theme.paint(focused ? 'accent' : 'muted', glyphs.prompt)} `;
  const { line, completion } = ui.command;
  const fresh =
    focused && completion !== undefined && completion.for === line.text && completion.cursor === line.cursor ? completion : undefined;
  const ghost = fresh !== undefined && line.cursor === line.text.length && line.text !== '' ? fresh.ghost : '';
  const field = fieldRow({ lead, line, ghost, note: aside(frame, fresh?.unavailable, fresh?.expects) }, width, frame);
  return focused ? field : { ...field, cursor: undefined };
}

function aside({ ui, look }: Frame, unavailable: string | undefined, expects: string | undefined): string {
  if (focusOf(ui.trail) !== 'command') return ui.command.line.text === '' ? ': command' : '';
  if (unavailable !== undefined) return look.theme.paint('warn', words(look, unavailable));
  if (expects !== undefined && ui.command.line.text !== '') return words(look, expects);
  return words(look, ui.command.line.text === '' ? 'Tab panels   ↑ history' : 'Tab complete   ↑ history');
}

interface Field {
  /** Before the text. */
  readonly lead: string;
  readonly line: { readonly text: string; readonly cursor: number };
  /** Behind the text: what Tab would add. */
  readonly ghost: string;
  /** At the right, if there is room. */
  readonly note: string;
}

function fieldRow({ lead, line, ghost, note }: Field, width: number, { look, ui }: Frame): FieldRow {
  const { theme, glyphs } = look;
  const start = cells(lead);
  const room = Math.max(2, width - start - 1);
  const part = visiblePart(line, room);
  const { errorAt } = ui.command;
  const marked =
    errorAt === undefined || promptOf(ui.overlay) !== undefined || errorAt < part.from
      ? part.text
      : part.text.slice(0, errorAt - part.from) + theme.paint('error', part.text.slice(errorAt - part.from));
  const left = `${lead}${marked}${theme.paint('ghost', truncate(words(look, ghost), Math.max(0, room - cells(part.text)), ''))}`;
  const free = width - cells(left) - 3;
  const shown = free > 12 ? truncate(note, free, glyphs.ellipsis) : '';
  const row = shown === '' ? left : `${left}${' '.repeat(width - cells(left) - cells(shown) - 1)}${theme.paint('muted', shown)}`;
  return { row: pad(row, width, 'end', glyphs.ellipsis), cursor: Math.min(width - 1, start + part.cell) };
}

/** The last row: while typing, what Tab offers, otherwise what can be done here; on the right, what is running. */
export function drawHints(frame: Frame, width: number): string {
  const { look } = frame;
  const { theme, glyphs } = look;
  const activity = drawActivity(frame);
  const room = Math.max(0, width - 2 - (activity === '' ? 0 : cells(activity) + 2));
  const left =
    candidates(frame, room) ??
    theme.paint(
      'muted',
      fitHints(
        hints(frame).map((hint) => words(look, hint)),
        room,
        '   ',
      ),
    );
  // What is running comes before permanent hints.
  const recording = drawRecording(frame).find((text) => cells(left) + cells(text) + 3 <= width - 2);
  const right = activity === '' ? (recording ?? '') : activity;
  const gap = Math.max(0, width - 2 - cells(left) - cells(right));
  return pad(` ${left}${' '.repeat(gap)}${right} `, width, 'end', glyphs.ellipsis);
}

/** The candidates while they fit the line: not under a question, a prompt or a search, nor once something else was typed. */
function offered({ ui: { trail, overlay, command } }: Frame): Completion | undefined {
  const { completion, candidate, line, search } = command;
  if (focusOf(trail) !== 'command' || overlay.kind === 'prompt' || overlay.kind === 'dialog' || search !== undefined) return undefined;
  if (completion === undefined || completion.candidates.length === 0) return undefined;
  const fits = candidate !== undefined || (line.text !== '' && completion.for === line.text);
  return fits ? completion : undefined;
}

function candidates(frame: Frame, room: number): string | undefined {
  const options = offered(frame)?.candidates;
  if (options === undefined) return undefined;
  const { candidate } = frame.ui.command;
  const { theme, glyphs } = frame.look;
  let text = '';
  const from = candidate === undefined ? 0 : Math.max(0, candidate - 3);
  for (const [index, option] of options.entries()) {
    if (index < from) continue;
    const label = truncate(option.label, 40, glyphs.ellipsis);
    const token = index === candidate ? 'accent' : option.unavailable === undefined ? undefined : 'muted';
    const piece = `${text === '' ? '' : '  '}${theme.paint(token, label)}`;
    if (cells(text) + cells(piece) > room - 2) return `${text} ${theme.paint('muted', glyphs.ellipsis)}`;
    text += piece;
  }
  const chosen = options[candidate ?? (options.length === 1 ? 0 : -1)];
  return text + about(chosen, room - cells(text), frame);
}

/** What the chosen candidate is, or why it cannot be used now. */
function about(chosen: Candidate | undefined, room: number, { look }: Frame): string {
  const text = chosen?.unavailable ?? chosen?.description ?? '';
  return text === '' || room <= 16 ? '' : `   ${look.theme.paint('muted', truncate(words(look, text), room - 3, look.glyphs.ellipsis))}`;
}

/** The keys of a question. */
export function dialogHints(keys: KeyTable, { question: { phrase, ways } }: DialogState): readonly string[] {
  const label = (id: ActionId): string => firstLabel(keys, id);
  return [
    `${label('dialog.accept')} ${phrase === undefined ? ways[0].label.toLowerCase() : 'confirm'}`,
    ...(ways.length === 1 ? [] : [`${label('dialog.previous')} ${label('dialog.next')} choose`]),
    `${label('dialog.cancel')} cancel`,
  ];
}

function hints({ ui, keys }: Frame): readonly string[] {
  const label = (id: ActionId): string => firstLabel(keys, id);
  const { overlay } = ui;
  if (overlay.kind === 'dialog') return dialogHints(keys, overlay.dialog);
  if (overlay.kind === 'prompt') {
    return [
      `${label('prompt.accept')} apply`,
      `${label('prompt.switch')} ${overlay.prompt.purpose === 'filter' ? 'find' : 'filter'}`,
      `${label('prompt.cancel')} cancel`,
    ];
  }
  if (ui.command.search !== undefined)
    return [`${label('command.run')} take`, `${label('command.search')} older`, `${label('command.leave')} leave`];
  const focus = focusOf(ui.trail);
  if (focus === 'command') {
    const { passing } = rulesOf(here(ui.trail));
    return [
      `${label('command.run')} run`,
      `${label('command.leave')} ${passing ? 'close' : 'panels'}`,
      passing ? `${label('command.page-down')} scroll` : '/ filter',
      'help',
      'quit',
      '? keys',
    ];
  }
  const leave = focus === 'text' ? [] : leadsBack(ui) ? [`${label('panel.back')} back`] : [`${label('panel.leave')} detach`];
  return [...leave, `${label('panel.next')} next panel`, ...numbers(here(ui.trail), label), `${label('panel.keys')} keys`];
}

/** What the digits mean here. */
function numbers(place: Place, label: (id: ActionId) => string): readonly string[] {
  const { views, alone } = rulesOf(place);
  if (views === undefined) return ['1-5 panels'];
  if (place.kind === 'incident') return [`${label('incident.next')} ${label('incident.previous')} incidents`];
  return [
    ...(views.length > 1 ? [`1-${views.length} views`] : []),
    ...(alone === true ? [] : [`${label('place.previous')} ${label('place.next')} neighbours`]),
  ];
}

/**
 * `● recording logs in ~/.local/state/drey/logs`, or shorter, while they are written to disk; otherwise `12.4 MB of logs in memory`, also of
 * pods that are gone. The longest comes first.
 */
function drawRecording({ session, look: { theme, glyphs } }: Frame): readonly string[] {
  let bytes = 0;
  let flows = false;
  for (const [pod, log] of session.logs) {
    // The counter includes everything that ever came: take the share of the lines that were not dropped.
    if (log.lines > 0) bytes += log.bytes * ((log.lines - log.dropped) / log.lines);
    flows ||= !log.ended && session.sources.get(`log:${pod}`)?.state === 'live';
  }
  if (bytes === 0) return [];
  const { spool } = session;
  if (spool === undefined || !flows) return [theme.paint('muted', `${formatBytes(bytes)} of logs in memory`)];
  return [`recording logs in ${spool}`, 'recording logs'].map((text) => `${theme.paint('ok', glyphs.live)} ${theme.paint('muted', text)}`);
}

/** Running operations, with their seconds: `⠹ Cancel orders 12s`. */
function drawActivity({ session, ui, now, look }: Frame): string {
  const { theme, glyphs } = look;
  const running = session.operations.filter(({ state }) => state === 'running');
  const titles = [
    ...running.map(
      ({ title, startedAt, progress }) => `${title}${progress === undefined ? '' : ` ${progress}`} ${formatAge(now - startedAt)}`,
    ),
    ...ui.busy
      .filter(({ since }) => now - since >= 1_000 && running.length === 0)
      .map(({ line, since }) => `${line} ${formatAge(now - since)}`),
  ];
  const [first] = titles;
  if (first === undefined) return '';
  const turn = look.motion ? (glyphs.spinner[Math.floor(now / 1_000) % glyphs.spinner.length] ?? '') : glyphs.busy;
  const more = titles.length > 1 ? ` +${titles.length - 1}` : '';
  return `${theme.paint('busy', turn)} ${truncate(words(look, first), 48, glyphs.ellipsis)}${more}`;
}
