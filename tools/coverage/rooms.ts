import type { FileCoverage } from './statements.ts';

/** The coverage that each room has to reach, in percent of its statements. */
export const leastPercent = 93;

export interface RoomCoverage {
  readonly room: string;
  readonly statements: number;
  readonly percent: number;
  /** The files with the statements that did not run, the worst first. */
  readonly missing: readonly FileCoverage[];
}

/** By room: a folder of `src`, or a file in none of them. A room without statements (types only) is left out. */
export function roomsOf(files: readonly FileCoverage[]): readonly RoomCoverage[] {
  const rooms = Map.groupBy(files, ({ file }) => file.split('/')[1] ?? file);
  return [...rooms]
    .map(([room, files]) => {
      const statements = sum(files, (file) => file.statements);
      return {
        room,
        statements,
        percent: (100 * sum(files, ({ covered }) => covered)) / statements,
        missing: files.filter((file) => uncovered(file) > 0).toSorted((a, b) => uncovered(b) - uncovered(a)),
      };
    })
    .filter(({ statements }) => statements > 0)
    .toSorted((a, b) => a.percent - b.percent);
}

/** One line per room. */
export const roomTable = (rooms: readonly RoomCoverage[]): string =>
  rooms
    .map(({ room, statements, percent }) => `${room.padEnd(12)}${String(statements).padStart(8)} statements${shown(percent).padStart(8)} %`)
    .join('\n');

/** Whether these arguments run all tests. Only then do rooms have to reach the limit: what a part of the tests leaves out proves nothing. */
export const runAll = (args: readonly string[]): boolean => args.every((arg) => /^--(?:coverage|reporter)(?:$|[.=])/.test(arg));

/** A sentence for each room below `least`, with its worst files. */
export const complaints = (rooms: readonly RoomCoverage[], least: number = leastPercent): readonly string[] =>
  rooms
    .filter(({ percent }) => percent < least)
    .map(
      ({ room, percent, missing }) =>
        `The tests run ${shown(percent)} % of ${room}, and ${least} % is the least; most is missing in ${missing
          .slice(0, 6)
          .map((file) => `${file.file} (${uncovered(file)} of ${file.statements})`)
          .join(', ')}.`,
    );

const uncovered = ({ statements, covered }: FileCoverage): number => statements - covered;
// Rounded down: a room just below the limit does not look as if it had reached it.
const shown = (percent: number): string => (Math.floor(percent * 10) / 10).toFixed(1);
const sum = <T>(of: readonly T[], value: (one: T) => number): number => of.reduce((total, one) => total + value(one), 0);
