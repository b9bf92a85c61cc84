import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigurationFiles } from '../../cluster/model/types.ts';
import { loggingFiles } from '../../config/logging/logging-files.ts';
import { runInForeground } from '../../support/foreground-program.ts';
import { isAbort, Problem, toProblem, withHint } from '../../support/problem.ts';
import { declined } from '../model/declined.ts';
import type { CommandContext } from '../model/types.ts';
import { changedKeys, entriesIn, faultsIn, restartLines } from './configuration-entries.ts';
import { fileDiff } from './file-diff.ts';
import { editorAt, type FileAt } from './user-programs.ts';

/** A file of the ConfigMap in the user's editor. */
interface Edited {
  readonly before: ConfigurationFiles;
  readonly file: string;
  /** Where it is edited; only its owner may read it. */
  readonly place: FileAt;
}

/**
 * Opens a file of the ConfigMap in the user's editor, checks what comes back, shows the difference and writes it. Whatever goes wrong, the
 * edited text is kept, and its place is named.
 */
export async function editConfiguration(context: CommandContext, before: ConfigurationFiles, file: string, line: number): Promise<void> {
  const was = before.files[file] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'drey-config-'));
  const place: FileAt = { path: join(folder, file), line };
  await writeFile(place.path, was, { mode: 0o600 });
  const edited: Edited = { before, file, place };
  let done = true;
  try {
    done = await edit(context, edited);
  } catch (error) {
    done = (await readFile(place.path, 'utf8')) === was;
    throw isAbort(error) || done ? error : withHint(toProblem(error, 'failed'), keptIn(place));
  } finally {
    if (done) await rm(folder, { recursive: true, force: true });
  }
}

const keptIn = ({ path }: FileAt): string => `The edited text is kept in ${path}.`;

/** True if nothing of the text needs to be kept. */
async function edit(context: CommandContext, edited: Edited): Promise<boolean> {
  const { front, signal } = context;
  const { before, file, place } = edited;
  const was = before.files[file] ?? '';
  for (;;) {
    await openEditor(context, place);
    const text = await readFile(place.path, 'utf8');
    if (text === was) {
      front.print([`config: ${file} is as it was; nothing was changed.`]);
      return true;
    }
    const faults = faultsIn(file, text);
    if (faults.length === 0) return await send(context, edited, text);
    const again = await front.agrees?.({ title: `${file} would do harm`, lines: [...faults], action: 'Edit it again' });
    signal.throwIfAborted();
    if (again !== true)
      throw new Problem('invalid', `${file} was not written: ${faults.join(' ')}`, { hint: 'Nothing was changed on the cluster.' });
  }
}

/** The terminal is the editor's while it runs. */
async function openEditor({ env, front, signal }: CommandContext, place: FileAt): Promise<void> {
  const open = (): Promise<void> => runInForeground(editorAt(place, env), signal);
  if (front.lend === undefined) return await open();
  if (!(await front.lend(open)))
    throw new Problem('unavailable', 'The terminal is in use by another program.', { hint: 'Try again when that has ended.' });
}

async function send(context: CommandContext, { before, file, place }: Edited, text: string): Promise<boolean> {
  const { cluster, front, signal } = context;
  const was = before.files[file] ?? '';
  const effects = effectLines(file, was, text);
  const question = {
    title: 'Change the configuration',
    lines: [`In ConfigMap ${before.configMap}, ${file}:`, ...fileDiff(was, text), ...effects],
    action: 'Write it',
  };
  if (front.agrees !== undefined && !(await front.agrees(question))) {
    // A failure names the place as well.
    declined(context, context.mode === 'tui' ? `config: nothing was changed. ${keptIn(place)}` : 'config: nothing was changed.');
    return false;
  }
  await cluster.files.write(before, file, text, signal);
  context.refresh();
  front.print([`ConfigMap ${before.configMap} is changed.`, ...effects], 'good');
  return true;
}

/** From when on the change counts. */
function effectLines(file: string, was: string, text: string): readonly string[] {
  const logging = loggingFiles.find(({ name }) => name === file);
  if (logging !== undefined) {
    const interval = logging.unreadable(was) === undefined ? logging.reread(was) : undefined;
    return [
      interval === undefined
        ? 'Running processes do not read it again: it counts for pods that start afterwards.'
        : `Nothing has to restart: the kubelets bring it within about a minute, and the processes read it within ${interval} s.`,
    ];
  }
  const keys = keysOf(file, was, text);
  if (keys === undefined) return [];
  if (keys.length === 0) return ['No option has another value: nothing has to restart.'];
  return [
    ...restartLines(keys),
    'Processes that start by themselves have it from now on: a TaskManager that is replaced, a JobManager after a failure.',
  ];
}

/** Undefined: it is not a file of options, or was none before. */
function keysOf(file: string, was: string, text: string): readonly string[] | undefined {
  if (file !== 'config.yaml' && file !== 'flink-conf.yaml') return undefined;
  if (faultsIn(file, was).length > 0) return [...entriesIn(file, text).keys()];
  return changedKeys(entriesIn(file, was), entriesIn(file, text));
}
