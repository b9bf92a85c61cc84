import type { AttemptRow } from '../../session/tables/attempts.ts';
import type { SubtaskRow } from '../../session/tables/subtasks.ts';
import type { TopRow } from '../../session/tables/top.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import { bar } from './bar.ts';
import { jobState } from './jobs.ts';
import type { PaintCells } from './table-lines.ts';

/** Cells of a bar. */
const barCells = 5;

/** Above these shares back-pressure is LOW and HIGH. Source: `JobVertexBackPressureHandler.getBackPressureLevel`, Flink 2.3. */
const backPressureTone = (share: number): Token | undefined => (share > 0.5 ? 'error' : share > 0.1 ? 'warn' : undefined);

/** From here on hardly any time is left; drey's own figure, as Flink has none. */
const busyTone = (share: number): Token | undefined => (share >= 0.9 ? 'warn' : undefined);

/** `████░  82%`: the bar only if it has room. */
function shareCell(
  share: number | undefined,
  { text, room, tone }: { text: string; room: number; tone: Token | undefined },
  look: Look,
): string {
  if (share === undefined) return text;
  const drawn = room < barCells + 5 ? text : `${bar(share, 1, barCells, look.glyphs)} ${text.padStart(4)}`;
  return look.theme.paint(tone, drawn);
}

/** The symbol and the word of the state of a task: a task has the same words as a job, and some of its own. */
export const taskState = (state: string, look: Look): string =>
  jobState(state, state === 'FAILED' ? 'error' : state === 'CANCELED' ? 'done' : 'ok', look);

const busy = (share: number | undefined, text: string, room: number, look: Look): string =>
  shareCell(share, { text, room, tone: share === undefined ? undefined : busyTone(share) }, look);
const backPressured = (share: number | undefined, text: string, room: number, look: Look): string =>
  shareCell(share, { text, room, tone: share === undefined ? undefined : backPressureTone(share) }, look);

export const subtaskCells = (look: Look): PaintCells<SubtaskRow> => ({
  STATE: ({ state }) => taskState(state, look),
  BUSY: ({ shares }, text, room) => busy(shares.busy, text, room, look),
  BACK: ({ shares }, text, room) => backPressured(shares.backPressured, text, room, look),
});

export const attemptCells = (look: Look): PaintCells<AttemptRow> => ({
  STATE: ({ run }, text) => (run === undefined ? text : taskState(run.state, look)),
  FAILURE: ({ failure }, text) => (failure === undefined ? text : look.theme.paint('error', text)),
});

export const topCells = (look: Look): PaintCells<TopRow> => ({
  STATE: ({ state }) => taskState(state, look),
  BUSY: ({ load }, text, room) => busy(load?.busiest, text, room, look),
  BACK: ({ load }, text, room) => backPressured(load?.mostBackPressured, text, room, look),
});
