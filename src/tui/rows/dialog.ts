import { pad, truncate, width as cells, wrap } from '../../support/text-width.ts';
import { formatAge, formatSpan } from '../../support/format.ts';
import { isTerminal } from '../../flink/types.ts';
import type { Job } from '../../session/types.ts';
import { visiblePart } from '../state/line-text.ts';
import { centred, type Area, type Size } from '../state/layout.ts';
import { words, type Look } from '../look/look.ts';
import { jobSeverity } from '../../session/selectors/jobs.ts';
import type { DialogState } from '../state/question.ts';
import type { Cell } from '../terminal/screen-writer.ts';
import { jobState } from './jobs.ts';

/** A question as drawn over the panels. */
export interface DialogBox {
  readonly area: Area;
  /** The lines between its borders. */
  readonly lines: readonly string[];
  /** Where text is typed, in cells of the screen. */
  readonly cursor: Cell | undefined;
  /** The row of the screen with the first of several choices. */
  readonly firstWay: number | undefined;
}

function jobLine(job: Job, now: number, look: Look): string {
  const state = jobState(job.state, jobSeverity(job.state), look);
  const up = isTerminal(job.state) ? '' : `  up ${formatAge(now - job.startTime)}`;
  const last = job.checkpoints?.latestCompleted;
  // Its figures may still be on their way: then they are left out.
  const checkpoint =
    job.checkpoints === undefined
      ? ''
      : last === undefined
        ? ', no checkpoint'
        : `, last checkpoint ${formatSpan(now - (last.endedAt ?? last.triggeredAt))} ago`;
  return `  ${pad(state, 13)} ${job.name} ${look.theme.paint('muted', `${job.id.slice(0, 6)}${up}${checkpoint}`)}`;
}

/** Up to this width a line of text is easy to read; lists may use the whole screen. */
const readable = 76;

/** Rows of a dialog, with the position of the cursor in them; undefined: nothing is typed. */
interface Rows {
  readonly lines: readonly string[];
  readonly field: { readonly line: number; readonly cell: number } | undefined;
}

/** The choices, the field, and why Enter did nothing: these are never cut. */
function answers({ question: { ways, phrase }, chosen, typed, problem }: DialogState, inner: number, look: Look): Rows {
  const { theme, glyphs } = look;
  const lines =
    ways.length === 1
      ? []
      : [
          ...ways.map(({ label }, index) =>
            truncate(
              index === chosen
                ? `${theme.paint('accent', glyphs.pointer)} ${theme.paint('strong', words(look, label))}`
                : `  ${words(look, label)}`,
              inner,
              glyphs.ellipsis,
            ),
          ),
          '',
        ];
  if (phrase === undefined) return { lines, field: undefined };
  const label = truncate(words(look, `Type ${phrase}, then ${glyphs.enter}:`), inner, glyphs.ellipsis);
  const beside = cells(label) + 2 + cells(phrase) + 1 <= inner;
  const indent = beside ? cells(label) + 2 : 2;
  const part = visiblePart(typed, Math.max(2, inner - indent));
  if (!beside) lines.push(label);
  const field = { line: lines.length, cell: indent + part.cell };
  lines.push(`${beside ? `${label}  ` : '  '}${part.text}`);
  lines.push(truncate(problem === undefined ? '' : theme.paint('warn', words(look, problem)), inner, glyphs.ellipsis));
  return { lines, field };
}

/**
 * A question before something is changed. If there is too little room, the jobs and the text are cut, but never the answers. Its target is
 * fixed when it opens; the state of its jobs is as recent as the `known` ones.
 */
export function dialogBox(dialog: DialogState, known: readonly Job[], size: Size, now: number, look: Look): DialogBox {
  const { question } = dialog;
  const { glyphs } = look;
  const jobs = question.jobs.map((job) => jobLine(known.find(({ id }) => id === job.id) ?? job, now, look));
  const wanted = Math.max(readable, ...jobs.map(cells), ...question.ways.map(({ label }) => cells(label) + 2));
  const inner = Math.max(1, Math.min(wanted, size.columns - 4));
  const body = question.lines.flatMap((text) => wrap(words(look, text), Math.min(inner, readable)));
  const { lines: below, field } = answers(dialog, inner, look);

  // Without the borders and the empty row after it. Jobs take at least two rows: an empty one and their names.
  const free = Math.max(0, size.rows - below.length - 3);
  const shownBody = body.slice(0, Math.max(1, jobs.length === 0 ? free : free - 2));
  const shownJobs = fitJobs(jobs, question.jobs, Math.max(0, free - shownBody.length), inner, look);
  const lines = [...shownBody, ...(shownJobs.length > 0 ? ['', ...shownJobs] : []), ''];
  const roomy = lines.length + below.length + 3 <= size.rows;
  if (roomy) lines.unshift('');
  const fieldAt = field === undefined ? undefined : lines.length + field.line;
  const waysAt = question.ways.length > 1 ? lines.length : undefined;
  lines.push(...below);
  const area = centred(size, inner + 4, lines.length + 2);
  return {
    area,
    lines: lines.map((line) => ` ${truncate(line, inner, glyphs.ellipsis)}`),
    firstWay: waysAt === undefined ? undefined : area.y + 1 + waysAt,
    cursor:
      field === undefined || fieldAt === undefined
        ? undefined
        : { x: area.x + 2 + Math.min(field.cell, inner - 1), y: Math.min(area.y + area.height - 2, area.y + 1 + fieldAt) },
  };
}

/** As many jobs as fit, with an empty row above: all of them, or the first ones and the number of the others, or only their names. */
function fitJobs(lines: readonly string[], jobs: readonly Job[], room: number, inner: number, { theme, glyphs }: Look): readonly string[] {
  const rows = room - 1;
  if (lines.length === 0 || rows < 1) return [];
  if (lines.length <= rows) return lines;
  if (rows === 1) return [truncate(`  ${jobs.map(({ name }) => name).join(', ')}`, inner, glyphs.ellipsis)];
  return [...lines.slice(0, rows - 1), theme.paint('muted', `  and ${lines.length - rows + 1} more`)];
}
