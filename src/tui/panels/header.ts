import { selectHeader, type SourceRow } from '../../session/selectors/sources.ts';
import type { Instant } from '../../support/clock.ts';
import { formatAge } from '../../support/format.ts';
import { pad, truncate, width as cells } from '../../support/text-width.ts';
import { words, type Look } from '../look.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';

/** A part of the line; where there is too little room the one with the greatest number goes first. */
interface Part {
  readonly text: string;
  readonly drop: number;
}

/** Sources that are asked for again and again; the others are watched. */
const polled: ReadonlySet<SourceRow['key']> = new Set(['flink', 'usage']);

/** Data of a live source that is younger needs no word about its age. */
const calmMs = 10_000;

const tones: Readonly<Record<SourceRow['state'], Token | undefined>> = { connecting: 'busy', live: 'ok', stale: 'warn', denied: 'warn', lost: 'error' };

/** `● live 2s`, `○ lost 42s, next try 8s`. */
export function sourceText(status: SourceRow, now: Instant, look: Look, detail: 'long' | 'short'): string {
  const { name } = status;
  const { theme, glyphs } = look;
  const sign = status.state === 'live' ? glyphs.live : status.state === 'lost' || status.state === 'denied' ? glyphs.lost : glyphs.stale;
  const tone = tones[status.state];
  if (detail === 'short' && status.state === 'live') return `${name} ${theme.paint(tone, sign)}`;
  const head = `${name} ${theme.paint(tone, `${sign} ${status.state}`)}`;
  const age = status.dataAt === undefined ? now - status.since : now - status.dataAt;
  switch (status.state) {
    case 'live':
      // A watch that is live shows what is true now, however long nothing happened. Of what is asked for again and again the age
      // counts, in steps: a number that changes every second draws the eye, and the screen, for nothing.
      return !polled.has(status.key) || age < calmMs ? head : `${head} ${formatAge(age - (age % calmMs))}`;
    case 'connecting':
      return now - status.since < 1_000 ? head : `${head} ${formatAge(now - status.since)}`;
    default: {
      const next = detail === 'long' && status.nextTryAt !== undefined && status.nextTryAt > now ? `, next try ${formatAge(status.nextTryAt - now)}` : '';
      return status.state === 'denied' ? `${head}${next}` : `${head} ${formatAge(age)}${next}`;
    }
  }
}

function sources({ session, now, look }: Frame, detail: 'long' | 'short'): Part[] {
  const { kubernetes, flink, others } = selectHeader(session);
  const parts: Part[] = [];
  for (const row of [kubernetes, flink]) if (row !== undefined) parts.push({ text: sourceText(row, now, look, detail), drop: 0 });
  // While the server itself is lost or silent, that is said once.
  if (kubernetes?.state !== 'lost' && kubernetes?.state !== 'stale') for (const row of others) parts.push({ text: sourceText(row, now, look, detail), drop: 6 });
  return parts;
}

const room = (parts: readonly Part[], gap: number): number => parts.reduce((sum, { text }) => sum + cells(text), 0) + Math.max(0, parts.length - 1) * gap;

/** Who is attached to what, and whether it is alive: one line. */
export function drawHeader(frame: Frame, width: number): string {
  const { session, look, starting } = frame;
  const { theme, glyphs } = look;
  const { target, flinkVersion, slotsUsed, slotsTotal, taskManagers } = selectHeader(session);
  const separator = ` ${theme.paint('muted', glyphs.dot)} `;
  for (const detail of ['long', 'short'] as const) {
    let clusterId = target.clusterId;
    const about: Part[] = [];
    if (target.namespace !== '') about.push({ text: target.namespace, drop: 2 });
    if (target.context !== undefined) about.push({ text: target.context, drop: 4 });
    if (flinkVersion !== undefined) about.push({ text: `Flink ${flinkVersion}`, drop: 5 });
    let right: Part[] = starting !== undefined && session.sources.size === 0 ? [{ text: theme.paint('busy', `${glyphs.stale} ${words(look, starting)}`), drop: 0 }] : sources(frame, detail);
    if (slotsTotal !== undefined) right = [...right, { text: `slots ${slotsUsed ?? 0}/${slotsTotal}`, drop: 1 }];
    if (taskManagers !== undefined) right = [...right, { text: `${taskManagers} TM`, drop: 3 }];
    const used = (): number => 2 + cells(clusterId) + (about.length > 0 ? 2 + room(about, 3) : 0) + 2 + room(right, 3);
    const least = detail === 'long' ? 4 : 1;
    for (let drop = 9; drop >= least && used() > width; drop--) {
      right = right.filter((part) => part.drop !== drop);
      for (const [index, part] of about.entries()) if (part.drop === drop) about.splice(index, 1);
    }
    if (used() > width && detail === 'long') continue;
    if (used() > width) {
      const free = width - 4 - room(right, 3);
      clusterId = truncate(clusterId, Math.max(4, free), glyphs.ellipsis);
    }
    const start = ` ${theme.paint('accent', clusterId)}${about.length === 0 ? '' : `  ${about.map(({ text }) => text).join(separator)}`}`;
    const end = `${right.map(({ text }) => text).join('   ')} `;
    return pad(pad(start, Math.max(0, width - cells(end)), 'end', glyphs.ellipsis) + end, width, 'end', glyphs.ellipsis);
  }
  return ' '.repeat(width);
}
