import { parallelismOf, stagesWords } from '../../inside/job/words.ts';
import type { JobSetting } from '../../inside/job/configuration.ts';
import type { JobInside } from '../../inside/job/types.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { selectJobRows, type JobRow } from '../../session/selectors/jobs.ts';
import { formatAge } from '../../support/format.ts';
import type { Frame } from '../state/ui.ts';
import type { Look } from '../look/look.ts';
import { jobState } from './jobs.ts';
import type { PaintCells } from './table-lines.ts';

export const jobSettingCells = ({ theme }: Look): PaintCells<JobSetting> => ({ KIND: (_, text) => theme.paint('muted', text) });

function upWords({ endTime, upSince, durationMs, asOf }: JobRow, now: number): readonly string[] {
  if (endTime !== undefined) return [`ran ${formatAge(durationMs)}`];
  return upSince === undefined ? [] : [`up ${formatAge((asOf ?? now) - upSince)}`];
}

const restartWords = ({ restarts = 0 }: JobRow): readonly string[] =>
  restarts === 0 ? [] : [restarts === 1 ? '1 restart' : `${restarts} restarts`];

function insideWords(inside: JobInside | undefined): readonly string[] {
  if (inside === undefined || inside.vertices.length === 0) return [];
  return [stagesWords(inside) ?? [], `parallelism ${parallelismOf(inside)}`].flat();
}

/** `⟳ Restarting`, `7 restarts`, `up 2h`, `parallelism 12`: what the line above the panels of a job says of it. */
export function jobFacts(job: string, { session, look, now }: Pick<Frame, 'session' | 'look' | 'now'>): readonly string[] {
  const row = selectJobRows(session).find(({ key }) => key === job);
  const inside = inspectionOf(session, { kind: 'job', job })?.facts;
  if (row === undefined) return inside === undefined ? [] : [jobState(inside.job.state, 'ok', look), ...insideWords(inside)];
  return [jobState(row.state, row.severity, look), ...restartWords(row), ...upWords(row, now), ...insideWords(inside)];
}
