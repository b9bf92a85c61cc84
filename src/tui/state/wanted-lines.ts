import { isAtLeast } from '../../session/logs/level-names.ts';
import { isOfTemplate } from '../../session/logs/template-filter.ts';
import type { KeptRequest, LogReader, Session, ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { briefNames } from './brief-names.ts';
import { matches, type TextFilter } from './filter.ts';
import { isMarked } from './log-marks.ts';
import { shownText } from './log-text.ts';
import type { LogState } from './ui.ts';

const timelineLevels = { info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

const levelOf = ({ level, timeline }: ViewLine): ViewLine['level'] => (timeline === undefined ? level : timelineLevels[timeline.severity]);

const isWithin = (range: LogState['range'], at: Instant): boolean =>
  range === undefined || (at >= (range.since ?? Number.NEGATIVE_INFINITY) && at <= (range.until ?? Number.POSITIVE_INFINITY));

type Wanted = KeptRequest['wanted'];

/** What passes the filter, the level and the template, or is marked; of that, what matches the search. Undefined: all lines. */
function passing(session: () => Session, reader: LogReader, log: LogState, search: LogState['search']): Wanted {
  const { level, raw, filter, template, marked, zone } = log;
  if (level === undefined && filter === undefined && template === undefined && search === undefined) return undefined;
  const nameOf = briefNames(session);
  const finds = (pattern: TextFilter | undefined, line: ViewLine): boolean =>
    pattern === undefined || matches(pattern, shownText(line, raw ? undefined : reader, nameOf, zone));
  const belongs = template === undefined ? undefined : isOfTemplate(template.pattern, reader);
  const passes = (line: ViewLine): boolean =>
    (level === undefined || isAtLeast(levelOf(line), level)) && belongs?.(line) !== false && finds(filter, line);
  return (line) => (passes(line) || isMarked(marked, line)) && finds(search, line);
}

/** The same of the time that is shown. */
export function wantedLines(session: () => Session, reader: LogReader, log: LogState, search: LogState['search']): Wanted {
  const { range } = log;
  const passes = passing(session, reader, log, search);
  if (range === undefined) return passes;
  return (line) => isWithin(range, line.at) && passes?.(line) !== false;
}

export const isError = ({ level, begins }: ViewLine): boolean => level === 'ERROR' && begins === true;

/** The same lines on disk. */
export function wantedOnDisk(
  session: () => Session,
  reader: LogReader,
  log: LogState,
  search: LogState['search'],
): Pick<KeptRequest, 'wanted' | 'since' | 'until'> {
  const { since, until = Infinity } = log.range ?? {};
  return { wanted: passing(session, reader, log, search), since, until: Math.min(until, session().past ?? Infinity) };
}
