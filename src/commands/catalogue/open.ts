import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ForegroundProgram, runInForeground } from '../../support/foreground-program.ts';
import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { ShownLog } from '../model/shown-log.ts';
import { withoutColours, writtenLines } from '../procedures/log-lines.ts';
import { editorAt, type FileAt, lnavAt, pagerAt } from '../procedures/user-programs.ts';
import { writeLines } from '../procedures/write-lines.ts';

const programs = ['pager', 'editor', 'lnav'] as const;
type ProgramName = (typeof programs)[number];

const programAt: Readonly<Record<ProgramName, (file: FileAt, env: NodeJS.ProcessEnv) => ForegroundProgram>> = {
  pager: pagerAt,
  editor: editorAt,
  lnav: lnavAt,
};

export const open = command({
  name: 'open',
  summary: 'Open the log on the screen in a pager, an editor or lnav, at the line',
  details:
    'pager: $PAGER, otherwise less; editor: $VISUAL or $EDITOR, otherwise vi. ' +
    'The program gets the lines that are shown now, in a file that only you may read and that is removed afterwards. ' +
    'The screen is back when the program ends.',
  group: 'view',
  examples: ['open', 'open editor', 'open lnav'],
  args: { program: optional(arg.choice(programs, 'Default: pager')) },
  danger: 'safe',
  async run({ env, front, signal }, { program = 'pager' }) {
    const log = front.shownLog?.();
    if (log === undefined || front.lend === undefined)
      throw new Problem('usage', 'There is no log on the screen.', { hint: 'In a shell, drey logs CLUSTER | less shows logs in a pager.' });
    await using file = await temporaryFile(log, program, signal);
    const lent = await front.lend(() => runInForeground(programAt[program](file, env), signal));
    if (!lent) throw new Problem('unavailable', 'The terminal is in use by another program.', { hint: 'Try again when that has ended.' });
  },
});

/** The lines that are shown, in a folder that only its owner may enter. */
async function temporaryFile(log: ShownLog, program: ProgramName, signal: AbortSignal): Promise<FileAt & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'drey-log-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, `${log.name.replaceAll(/[^\w.-]+/g, '-')}.log`);
    const lines = writtenLines(log.shown, log.nameOf, signal);
    const { at } = await writeLines(program === 'pager' ? lines : withoutColours(lines), { path, replace: false, wanted: log.current });
    return { path, line: at, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
