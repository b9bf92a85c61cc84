import type { SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';
import type { NamedVertex } from '../../inside/checkpoints/holdup.ts';
import type { CheckpointFacts } from '../../inside/checkpoints/overview.ts';
import { phases, phaseWords, type Phase, type Split } from '../../inside/checkpoints/split.ts';
import type { CheckpointInside } from '../../session/inspections/checkpoints.ts';
import type { CheckpointFact } from '../../session/tables/checkpoint-facts.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDuration, formatPercent } from '../../support/format.ts';
import { pad, width as cells, wrap } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import { bar } from './bar.ts';
import type { PaintCells } from './table-lines.ts';

const toneOf = (status: string): Token | undefined => (status === 'FAILED' ? 'error' : status === 'IN_PROGRESS' ? 'busy' : undefined);

/** Cells of the bar of acknowledgements. */
const barCells = 4;

export const checkpointCells = ({ theme, glyphs }: Look): PaintCells<CheckpointFacts> => ({
  STATE: ({ status }, text) => theme.paint(toneOf(status), text),
  ACKS: ({ acknowledged, subtasks }, text) =>
    acknowledged === subtasks ? text : `${bar(acknowledged, subtasks, barCells, glyphs)} ${text}`,
  OUTCOME: ({ failure }, text) => theme.paint(failure === undefined ? 'muted' : 'error', text),
});

export const checkpointFactCells = ({ theme }: Look): PaintCells<CheckpointFact> => ({ FACT: (_, text) => theme.paint('muted', text) });

export const operatorCells = ({ theme, glyphs }: Look): PaintCells<NamedVertex> => ({
  ACKS: ({ acknowledged, subtasks }, text) =>
    acknowledged === subtasks ? text : theme.paint('warn', `${bar(acknowledged, subtasks, barCells, glyphs)} ${text}`),
});

export const acknowledgementCells = ({ theme }: Look): PaintCells<SubtaskCheckpoint> => ({
  STATE: ({ state }, text) => (state === 'pending' ? theme.paint('warn', text) : text),
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
  const whole = phases.reduce((sum, phase) => sum + split[phase], 0);
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
