import { pad, truncate, width as cells, wrap } from '../../support/text-width.ts';
import { formatAge, formatSpan } from '../../support/format.ts';
import { isTerminal } from '../../flink/types.ts';
import type { Job } from '../../session/types.ts';
import { visiblePart } from '../input/line-text.ts';
import type { Area, Size } from '../layout.ts';
import { words, type Look } from '../look.ts';
import { jobState } from '../panels/jobs.ts';
import { jobSeverity } from '../../session/selectors/jobs.ts';
import type { DialogState } from '../ui.ts';
import { framed } from './framed.ts';

export interface Overlay {
  readonly area: Area;
  readonly lines: readonly string[];
  /** Where text is typed, in cells of the screen. */
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
}

/** The middle of the screen for a box of this size. */
export function centred(size: Size, width: number, height: number): Area {
  const w = Math.min(width, size.columns);
  const h = Math.min(height, size.rows);
  return { x: Math.floor((size.columns - w) / 2), y: Math.floor((size.rows - h) / 2), width: w, height: h };
}

function jobLine(job: Job, now: number, look: Look): string {
  const state = jobState(job.state, jobSeverity(job.state), look);
  const up = isTerminal(job.state) ? '' : `  up ${formatAge(now - job.startTime)}`;
  const last = job.checkpoints?.latestCompleted;
  // Their figures may still be on their way: then nothing is said of them.
  const checkpoint = job.checkpoints === undefined ? '' : last === undefined ? ', no checkpoint' : `, last checkpoint ${formatSpan(now - (last.endedAt ?? last.triggeredAt))} ago`;
  return `  ${pad(state, 13)} ${job.name} ${look.theme.paint('muted', `${job.id.slice(0, 6)}${up}${checkpoint}`)}`;
}

/**
 * A question before something is changed. Its target is what the plan holds, fixed when it opened. Where the room is too small the
 * listed jobs are cut, never the choices.
 */
export function drawDialog({ confirmation, typed, plan }: DialogState, size: Size, now: number, look: Look): Overlay {
  const { theme, glyphs } = look;
  const width = Math.min(78, size.columns);
  const inner = width - 4;
  const paragraph = (text: string): string[] => wrap(words(look, text), inner);
  const body = confirmation.lines.flatMap(paragraph);
  const jobs = confirmation.jobs.map((job) => truncate(jobLine(job, now, look), inner, glyphs.ellipsis));

  const choices: string[] = [];
  const choice = (key: string, text: string): void => void choices.push(`  ${theme.paint('accent', key)}  ${words(look, text)}`);
  let field: { readonly line: number; readonly cell: number } | undefined;
  if (typed === undefined) {
    for (const { key, label } of confirmation.alternatives ?? []) choice(key, label);
    if (confirmation.phrase === undefined) choice('y', `${plan.command.name} now`);
    else choice('x', `${plan.command.name} now; type ${confirmation.phrase} to confirm`);
  } else {
    choices.push(...paragraph(`Type ${confirmation.phrase ?? ''} to confirm, then ${glyphs.enter}:`), '');
    const part = visiblePart(typed, inner - 6);
    field = { line: choices.length, cell: 6 + part.cell };
    choices.push(`    ${theme.paint('accent', glyphs.prompt)} ${part.text}`);
  }
  const end = theme.paint('muted', words(look, 'Esc keeps everything as it is.'));

  const fixed = body.length + choices.length + 6 + (jobs.length > 0 ? 1 : 0);
  const roomForJobs = Math.max(0, size.rows - fixed);
  const names = truncate(`  ${confirmation.jobs.map(({ name }) => name).join(', ')}`, inner, glyphs.ellipsis);
  const shownJobs = jobs.length <= roomForJobs ? jobs
    : roomForJobs <= 1 ? [names].slice(0, roomForJobs)
      : [...jobs.slice(0, roomForJobs - 1), theme.paint('muted', `  and ${jobs.length - roomForJobs + 1} more`)];
  const roomForBody = Math.max(1, size.rows - choices.length - shownJobs.length - 7);
  const lines = ['', ...body.slice(0, roomForBody), ...(shownJobs.length > 0 ? ['', ...shownJobs] : []), ''];
  const fieldAt = field === undefined ? undefined : lines.length + field.line;
  lines.push(...choices, '', end);
  const height = Math.min(size.rows, lines.length + 2);
  const area = centred(size, width, height);
  return {
    area,
    lines: framed({ width: area.width, height: area.height, title: confirmation.title, focused: true, lines: lines.map((line) => ` ${line}`) }, look),
    cursor: field === undefined || fieldAt === undefined ? undefined : { x: area.x + 2 + Math.min(field.cell, cells(' '.repeat(inner))), y: Math.min(area.y + area.height - 2, area.y + 1 + fieldAt) },
  };
}
