import type { FileEnd } from '../../../inside/process/log-file.ts';
import type { LogFileSubject } from '../../../session/inspections/log-file.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';
import type { TextState } from './text.ts';

/** A log file of a process, read as a text. */
export interface LogFilePlace extends Within<'text'>, LogFileSubject {
  readonly text: TextState;
  /** What the text was made of; undefined: nothing was read yet. */
  readonly end: FileEnd | undefined;
}

export const logFileRules: PlaceRules<LogFilePlace['panel']> = {
  panels: ['text'],
  main: 'text',
  passing: false,
  views: [{ title: 'File', panels: ['text'] }],
};

const nothingRead: readonly string[] = [];

export const logFilePlace = ({ kind, process, name }: LogFileSubject, { typing }: Standing): LogFilePlace => ({
  kind,
  process,
  name,
  text: {
    title: name,
    all: nothingRead,
    lines: nothingRead,
    top: 0,
    filter: undefined,
    search: undefined,
    found: undefined,
    about: undefined,
  },
  end: undefined,
  view: 0,
  panel: 'text',
  zoomed: false,
  typing,
});
