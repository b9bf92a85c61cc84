import { selectPodSummary, type PodRow } from '../../session/selectors/pods.ts';
import { unreadableWords } from '../../session/job-words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { truncate } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { Frame } from '../state/ui.ts';
import { ageNote } from './staleness.ts';
import type { PaintCells } from './table-lines.ts';

const tones: Readonly<Record<PodRow['severity'], Token | undefined>> = {
  ok: undefined,
  busy: 'busy',
  warn: 'warn',
  error: 'error',
  done: 'muted',
};

function sign({ severity }: PodRow, { glyphs, theme }: Look): string {
  switch (severity) {
    case 'ok':
      return theme.paint('ok', glyphs.running);
    case 'busy':
    case 'warn':
      return glyphs.pending;
    case 'error':
      return glyphs.failed;
    case 'done':
      return glyphs.canceled;
  }
}

function nameCell({ name, leader }: PodRow, room: number, { theme, glyphs }: Look): string {
  return leader ? `${truncate(name, room - 2, glyphs.ellipsis)} ${theme.paint('accent', glyphs.star)}` : name;
}

function stateCell(row: PodRow, text: string, look: Look): string {
  return look.theme.paint(tones[row.severity], `${sign(row, look)} ${text}`);
}

/** A heap fills up before each collection: only the memory of the container deserves attention. */
const isFull = ({ memory, memoryLimit, usageSource }: PodRow): boolean =>
  usageSource !== 'heap' && memory !== undefined && memoryLimit !== undefined && memory / memoryLimit > 0.95;

/** The cells of a pod that are more than plain text. */
export const podCells = (look: Look): PaintCells<PodRow> => ({
  NAME: (row, _, room) => nameCell(row, room, look),
  STATE: (row, text) => stateCell(row, text, look),
  MEM: (row, text) => (isFull(row) ? look.theme.paint('warn', text) : text),
});

/** How many need attention. */
export function podTrouble({ session, now, look: { theme } }: Frame): string {
  const stale = ageNote(session.sources.get('pods'), now);
  if (stale !== undefined) return theme.paint('warn', stale);
  const { problems } = selectPodSummary(session);
  const unread = session.unreadable.get('pods');
  return [
    ...(problems === 0 ? [] : [theme.paint('error', `${problems} in trouble`)]),
    ...(unread === undefined ? [] : [theme.paint('warn', unreadableWords('pods', unread.count))]),
  ].join(', ');
}

/** Why there are none. */
export function noPods({ session, starting }: Frame): string {
  if (session.stopped) return 'The cluster is stopped: no pods are left.';
  const unread = session.unreadable.get('pods');
  if (unread !== undefined) return `${unreadableWords('pods', unread.count)}. ${oneLine(unread.reason)}`;
  if (session.podsKnown) return 'No pods yet.';
  return session.sources.get('pods')?.problem?.message ?? starting ?? 'Listing the pods';
}
