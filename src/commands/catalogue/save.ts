import { stat } from 'node:fs/promises';
import type { KeptLine, ViewLine } from '../../session/types.ts';
import { formatBytes, formatCount, formatDateTime } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { unwritable } from '../../support/unwritable.ts';
import { turnOver } from '../../support/turns.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { ShownLog } from '../model/shown-log.ts';
import type { CommandContext } from '../model/types.ts';
import { withoutColours, type WrittenLine, writtenLines, writtenText } from '../procedures/log-lines.ts';
import { writeLines } from '../procedures/write-lines.ts';

/** What of the log is written. */
const parts = ['shown', 'marked', 'held', 'all'] as const;
type Part = (typeof parts)[number];

export const save = command({
  name: 'save',
  summary: 'Write the log on the screen to a file',
  details:
    'shown: what the filter and the level let pass; marked: the marked lines; held: all lines in memory; all: those on disk as well, as far as logs are kept there. ' +
    'Lines are written as the pod wrote them, without colours and without the timeline; behind the name of their pod if there are several. ' +
    'Only you may read the file. A file that exists is replaced only if you agree.',
  group: 'view',
  examples: ['save jm.log', 'save ~/incident.log marked', 'save memory.log held', 'save all.log all'],
  args: {
    file: arg.text('Path of the file; relative to the current folder'),
    part: optional(arg.choice(parts, 'Which lines; default: marked ones if there are any, otherwise shown')),
  },
  danger: 'safe',
  async run(context, { file, part }) {
    const { cwd, front, home, operations } = context;
    const log = front.shownLog?.();
    if (log === undefined)
      throw new Problem('usage', 'There is no log on the screen.', { hint: 'In a shell, drey logs CLUSTER > FILE writes logs to a file.' });
    const what = part ?? (log.marked.length > 0 ? 'marked' : 'shown');
    if (what === 'marked' && log.marked.length === 0) throw new Problem('usage', 'No line is marked.', { hint: 'm in the log marks one.' });
    const path = userPath(file, { cwd, home });
    const replace = await mayReplace(path, context);
    const { lines, bytes } = await operations.track(
      { title: `Save ${what} lines of ${log.name}`, kind: 'other', jobId: undefined },
      async (report, signal) => {
        const progress = (sofar: number): void => report.progress(formatBytes(sofar));
        return { value: await writeLines(withoutColours(linesOf(log, what, signal)), { path, replace, progress }), result: path };
      },
    );
    front.print([`Saved ${path}: ${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}, ${formatBytes(bytes)}.`], 'good');
  },
});

function linesOf(log: ShownLog, part: Part, signal: AbortSignal): AsyncIterable<WrittenLine> {
  switch (part) {
    case 'shown':
      return writtenLines(log.shown, log.nameOf, signal);
    case 'held':
      return writtenLines(log.held(), log.nameOf, signal);
    case 'all':
      return log.all === undefined ? writtenLines(log.held(), log.nameOf, signal) : everyLine(log.all(signal), log.nameOf);
    case 'marked':
      return markedLines(log.marked, log.nameOf);
  }
}

async function* everyLine(
  all: AsyncIterable<readonly KeptLine[]>,
  nameOf: ShownLog['nameOf'],
): AsyncGenerator<WrittenLine, void, undefined> {
  let number = 0;
  for await (const lines of all) {
    for (const line of lines) {
      yield { number, text: writtenText(line, nameOf) };
      number += 1;
    }
    await turnOver();
  }
}

async function* markedLines(marked: readonly ViewLine[], nameOf: ShownLog['nameOf']): AsyncGenerator<WrittenLine, void, undefined> {
  for (const [number, line] of marked.entries()) yield { number, text: writtenText(line, nameOf) };
}

/** True: the file exists, and the user agrees that it is replaced. */
async function mayReplace(path: string, { front }: Pick<CommandContext, 'front'>): Promise<boolean> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    // Whether it can be written is seen by writing it.
    if (error.code === 'ENOENT') return undefined;
    throw unwritable(path, error);
  });
  if (there === undefined) return false;
  const lines = [`${path} exists: ${formatBytes(there.size)}, written ${formatDateTime(there.mtimeMs)}.`];
  if (there.isFile() && (await front.agrees?.({ title: 'save', lines, action: 'Replace it' })) === true) return true;
  throw new Problem('conflict', there.isFile() ? `${path} exists.` : `${path} is not a file.`, {
    hint: 'Nothing was written: name another file.',
  });
}
