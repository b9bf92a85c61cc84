import { inspectionOf } from '../../session/inspections/inspections.ts';
import type { InspectionOf } from '../../session/inspections/inspection.ts';
import type { ProcessFacts, ProcessPart, ProcessSubject } from '../../session/inspections/process.ts';
import type { LogFileFacts, LogFileSubject } from '../../session/inspections/log-file.ts';
import { here, nearest } from './trail.ts';
import type { Frame } from './ui.ts';

export type At = Pick<Frame, 'session' | 'ui'>;

/** What is known of a part of the process that one is in. */
export function processInspected({ session, ui }: At, part: ProcessPart): InspectionOf<ProcessSubject, ProcessFacts> | undefined {
  const place = nearest(ui.trail, 'process');
  return place === undefined ? undefined : inspectionOf(session, { kind: 'process', process: place.process, part });
}

type FactsOf<Part extends ProcessPart> = Extract<ProcessFacts, { readonly part: Part }>;

export function processFacts<Part extends ProcessPart>(at: At, part: Part): FactsOf<Part> | undefined {
  const facts = processInspected(at, part)?.facts;
  return facts?.part === part ? (facts as FactsOf<Part>) : undefined;
}

/** What is known of the log file that one reads. */
export function logFileInspected({ session, ui }: At): InspectionOf<LogFileSubject, LogFileFacts> | undefined {
  const place = here(ui.trail);
  return place.kind === 'log-file' ? inspectionOf(session, { kind: 'log-file', process: place.process, name: place.name }) : undefined;
}
