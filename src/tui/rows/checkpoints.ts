import type { SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';
import type { NamedVertex } from '../../inside/checkpoints/holdup.ts';
import type { CheckpointFacts } from '../../inside/checkpoints/overview.ts';
import { phases, phaseWords, wholeOf, type Phase, type Split } from '../../inside/checkpoints/split.ts';
import type { CheckpointInside } from '../../session/inspections/checkpoints.ts';
import type { CheckpointFact } from '../../session/tables/checkpoint-facts.ts';
import { mostPhaseCells, subtaskSplit } from '../../session/tables/checkpoints.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDuration, formatPercent } from '../../support/format.ts';
import { pad, width as cells, wrap } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import { bar, sharedCells } from './bar.ts';
import type { PaintCells } from './table-lines.ts';

const toneOf = (status: string): Token | undefined => (status === 'FAILED' ? 'error' : status === 'IN_PROGRESS' ? 'busy' : undefined);

/** Cells of the bar of acknowledgements. */
const barCells = 4;

const phaseTones: Readonly<Record<Phase, Token>> = {
  'start delay': 'muted',
  alignment: 'warn',
  sync: 'accent',
  async: 'busy',
  other: 'muted',
};

/** `···░░██████▒`: the time of a checkpoint as one bar. */
function phasesBar(split: Split | undefined, text: string, room: number, { theme, glyphs }: Look): string {
  if (split === undefined || wholeOf(split) === 0) return text;
  const counts = sharedCells(
    phases.map((phase) => split[phase]),
    Math.min(mostPhaseCells, room),
  );
  return phases.map((phase, index) => theme.paint(phaseTones[phase], glyphs.phases[phase].repeat(counts[index] ?? 0))).join('');
}

/** `· start delay  ░ alignment  …`: what the parts of the bars mean. */
export const phaseLegend = ({ theme, glyphs }: Look): string =>
  phases.map((phase) => `${theme.paint(phaseTones[phase], glyphs.phases[phase])} ${phase}`).join('  ');

export const checkpointCells = (look: Look): PaintCells<CheckpointFacts> => ({
  STATE: ({ status }, text) => look.theme.paint(toneOf(status), text),
  PHASES: ({ split }, text, room) => phasesBar(split, text, room, look),
  ACKS: ({ acknowledged, subtasks }, text) =>
    acknowledged === subtasks ? text : `${bar(acknowledged, subtasks, barCells, look.glyphs)} ${text}`,
  OUTCOME: ({ failure }, text) => look.theme.paint(failure === undefined ? 'muted' : 'error', text),
});

export const checkpointFactCells = ({ theme }: Look): PaintCells<CheckpointFact> => ({ FACT: (_, text) => theme.paint('muted', text) });

export const operatorCells = ({ theme, glyphs }: Look): PaintCells<NamedVertex> => ({
  ACKS: ({ acknowledged, subtasks }, text) =>
    acknowledged === subtasks ? text : theme.paint('warn', `${bar(acknowledged, subtasks, barCells, glyphs)} ${text}`),
});

export const acknowledgementCells = (look: Look): PaintCells<SubtaskCheckpoint> => ({
  STATE: ({ state }, text) => (state === 'pending' ? look.theme.paint('warn', text) : text),
  PHASES: (row, text, room) => phasesBar(subtaskSplit(row), text, room, look),
});

/** What held a checkpoint up, in words, and how long each phase took in the subtask that acknowledged last. */
export function phaseLines({ checkpoint: { failure, split }, holdup }: CheckpointInside, width: number, look: Look): readonly string[] {
  const { theme } = look;
  const room = Math.max(1, width - 2);
  const said = (text: string, tone?: Token): readonly string[] =>
    wrap(oneLine(text, 2_000), room).map((line) => ` ${theme.paint(tone, line)}`);
  return [
    ...(failure === undefined ? [] : said(`Failed: ${failure.words}.`, 'error')),
    ...(holdup === undefined ? [] : said(holdup.sentence)),
    ...(split === undefined ? [] : phaseBars(split, room, look).map((line) => ` ${line}`)),
  ];
}

/** `4.2s 100%`, `3m 20s 97%`. */
const valueCells = 11;
const fewestBarCells = 4;
const mostBarCells = 40;

/** `sync  ████████░░ 1.5s 97%`: each phase that took any time as a bar. */
function phaseBars(split: Split, room: number, { theme, glyphs }: Look): readonly string[] {
  const whole = wholeOf(split);
  const label = Math.max(...phases.map((phase) => cells(phase)));
  const value = (phase: Phase): string => `${formatDuration(split[phase])} ${formatPercent(whole === 0 ? 0 : split[phase] / whole)}`;
  const words = Math.max(...phases.map((phase) => cells(phaseWords[phase])));
  const width = Math.max(fewestBarCells, Math.min(mostBarCells, room - label - valueCells - words - 6));
  return phases
    .filter((phase) => split[phase] > 0)
    .map(
      (phase) =>
        `${pad(phase, label, 'end')}  ${bar(split[phase], whole, width, glyphs)}  ${pad(value(phase), valueCells, 'end')}  ${theme.paint('muted', phaseWords[phase])}`,
    );
}
