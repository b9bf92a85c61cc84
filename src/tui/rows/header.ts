import { selectHeader, type SourceRow, type SourceWord } from '../../session/selectors/sources.ts';
import type { Instant } from '../../support/clock.ts';
import { formatAge } from '../../support/format.ts';
import { pad, truncate, width as cells } from '../../support/text-width.ts';
import { words, type Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { Frame } from '../state/ui.ts';

/** A part of the line; if there is too little room, the one with the largest number goes first. */
interface Part {
  readonly text: string;
  readonly drop: number;
}

/** The form of a source's state: in words, or as a symbol with the age. */
type Detail = 'long' | 'short';

/**
 * Every state of a source takes the same room, so that a change does not move its neighbours: the longest are `◐ connecting 12s` and `○ no
 * answer 12m`, and without the words `○ 120d`.
 */
const slot: Readonly<Record<Detail, number>> = { long: 15, short: 6 };
const gap = 2;

/** A source heard within the last 3 s, in whole seconds, is live and shown without an age. */
const calmMs = 4_000;
/** The age of slow polls is shown in such steps: a number that changes every second distracts, and causes frames, for nothing. */
const stepMs = 5_000;

const tones: Readonly<Record<SourceWord, Token | undefined>> = {
  connecting: 'busy',
  starting: 'busy',
  live: 'ok',
  partial: 'warn',
  stale: 'warn',
  denied: 'warn',
  lost: 'error',
  'no answer': 'error',
  deleted: 'muted',
};

function sign(word: SourceWord, { glyphs }: Look): string {
  if (word === 'live') return glyphs.live;
  if (word === 'deleted') return glyphs.canceled;
  return word === 'connecting' || word === 'starting' || word === 'partial' || word === 'stale' ? glyphs.stale : glyphs.lost;
}

/** The age of what is shown, or how long the state has lasted; empty if it means nothing. */
function ageOf({ key, word, since, dataAt }: SourceRow, now: Instant): string {
  switch (word) {
    case 'live': {
      // A live watch shows the current state, however long nothing happened: only polled data has an age.
      const age = now - (dataAt ?? now);
      return key !== 'flink' || age < calmMs ? '' : formatAge(age < stepMs ? age : age - (age % stepMs));
    }
    case 'connecting':
      return now - since < 1_000 ? '' : formatAge(now - since);
    case 'denied':
    case 'partial':
    case 'deleted':
      return '';
    case 'starting':
    case 'no answer':
      return formatAge(now - since);
    case 'stale':
    case 'lost':
      return formatAge(now - (dataAt ?? since));
  }
}

/** `k8s ● live`, `flink ◐ starting 12s`, `k8s ○ lost 42s`; always as wide as its slot. */
function sourceText(status: SourceRow, now: Instant, look: Look, detail: Detail): string {
  const age = ageOf(status, now);
  const state = [sign(status.word, look), ...(detail === 'long' ? [status.word] : []), ...(age === '' ? [] : [age])].join(' ');
  return `${status.name} ${look.theme.paint(tones[status.word], pad(state, slot[detail], 'end', ''))}`;
}

const room = (parts: readonly Part[], between: number): number =>
  parts.reduce((sum, { text }) => sum + cells(text), 0) + Math.max(0, parts.length - 1) * between;

/** The right half: the sources in fixed slots, then Flink's facts. */
function facts({ session, now, look, starting }: Frame, detail: Detail): readonly Part[] {
  const { kubernetes, flink, slotsUsed, slotsTotal, taskManagers, stopped } = selectHeader(session);
  if (starting !== undefined && session.sources.size === 0)
    return [{ text: look.theme.paint('busy', `${look.glyphs.stale} ${words(look, starting)}`), drop: 0 }];
  const parts: Part[] = [kubernetes, flink].flatMap((row) =>
    row === undefined ? [] : [{ text: sourceText(row, now, look, detail), drop: 0 }],
  );
  if (stopped) return parts;
  if (slotsTotal !== undefined)
    parts.push({ text: `slots ${String(slotsUsed ?? 0).padStart(String(slotsTotal).length)}/${slotsTotal}`, drop: 1 });
  if (taskManagers !== undefined) parts.push({ text: `${taskManagers} TM`, drop: 2 });
  return parts;
}

/** The parts of the left half: the cluster with its namespace and context, the marks, and the version of Flink. */
interface About {
  readonly names: readonly string[];
  readonly marks: readonly string[];
  readonly version: string | undefined;
}

const textsOf = ({ names, marks, version }: About): readonly string[] => [
  ...names.slice(1),
  ...marks,
  ...(version === undefined ? [] : [version]),
];

function widthOf(about: About): number {
  const texts = textsOf(about).map((text) => ({ text, drop: 0 }));
  return 1 + cells(about.names[0] ?? '') + (texts.length === 0 ? 0 : 2 + room(texts, 3));
}

/** The short forms of the marks, if there is no room for their words. */
const brief: Readonly<Record<string, string>> = { 'read-only': '[R]', 'TLS not verified': '[TLS?]', 'REST by services/proxy': '[P]' };

/** Which cluster drey is attached to, and whether it is alive: one line. The target and the marks are never left out. */
export function drawHeader(frame: Frame, width: number): string {
  const { look } = frame;
  const { theme, glyphs } = look;
  const { target, flinkVersion, marks } = selectHeader(frame.session);
  const draw = (about: About, right: readonly Part[]): string => {
    const rest = textsOf(about)
      .map((text) => (about.marks.includes(text) ? theme.paint('warn', text) : text))
      .join(` ${theme.paint('muted', glyphs.dot)} `);
    const start = ` ${theme.paint('accent', about.names[0] ?? '')}${rest === '' ? '' : `  ${rest}`}`;
    const end = `${right.map(({ text }) => text).join(' '.repeat(gap))} `;
    return pad(pad(start, Math.max(0, width - cells(end)), 'end', glyphs.ellipsis) + end, width, 'end', glyphs.ellipsis);
  };
  const fits = (about: About, right: readonly Part[]): boolean => widthOf(about) + gap + room(right, gap) + 1 <= width;
  const names = [target.clusterId, target.namespace, target.context ?? ''].filter((name) => name !== '');
  const whole: About = { names, marks, version: flinkVersion === undefined ? undefined : `Flink ${flinkVersion}` };
  const named: About = { ...whole, version: undefined };
  for (const detail of ['long', 'short'] as const) {
    const right = facts(frame, detail);
    if (fits(whole, right)) return draw(whole, right);
    for (const most of detail === 'long' ? [2, 1] : [2, 1, 0]) {
      const kept = right.filter(({ drop }) => drop <= most);
      if (fits(named, kept)) return draw(named, kept);
    }
  }
  const right = facts(frame, 'short').filter(({ drop }) => drop === 0);
  const least: About = { ...named, marks: marks.length === 0 ? [] : [marks.map((mark) => brief[mark] ?? mark).join(' ')] };
  return draw({ ...least, names: shortened(names, (shown) => fits({ ...least, names: shown }, right), glyphs.ellipsis) }, right);
}

/** The fewest characters of a name that still distinguish it from others. */
const fewest = 4;

/** Shortens the longest of the names until all of them fit. */
function shortened(names: readonly string[], fit: (names: readonly string[]) => boolean, ellipsis: string): readonly string[] {
  const widths = names.map(cells);
  const cut = (): readonly string[] => names.map((name, index) => truncate(name, widths[index] ?? fewest, ellipsis));
  while (!fit(cut())) {
    const longest = Math.max(...widths);
    if (longest <= fewest) break;
    widths[widths.indexOf(longest)] = longest - 1;
  }
  return cut();
}
