import { originalName, staleJars } from '../../flink/jar-cache.ts';
import type { UploadedJar } from '../../flink/types.ts';
import { jarColumns } from '../../session/tables/jars.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { submitForbidden } from '../model/reasons.ts';

export const jars = command({
  name: 'jars',
  summary: 'Show the jars that were uploaded, or delete some',
  details:
    'An upload has the hash of its content in its name, so that an identical jar is not sent again; each new version stays beside the older ones until they are deleted. ' +
    'jars clean deletes the older ones, and leaves alone what was not uploaded by drey. Deleting a jar does not touch the jobs that were started from it.',
  group: 'jobs',
  examples: ['jars', 'jars delete 3f2a_TopSpeedWindowing.jar', 'jars clean', 'jars clean TopSpeedWindowing.jar'],
  args: {
    action: optional(
      arg.choice(['delete', 'clean'], 'Delete the jars that are named, or older versions: all but the newest upload of each file name'),
    ),
    jars: arg.uploadedJars('Ids of jars, or their names; for clean, file names (default: all)'),
  },
  shell: { kind: 'run' },
  danger: 'confirm',
  dangerOf: ({ action }) => (action === undefined ? 'safe' : 'confirm'),
  source: 'flink',
  available: (session) => submitForbidden(session) ?? true,
  async confirmation({ target: { clusterId } }, { action, jars: words }, { flink, signal }) {
    const meant = jarsMeant(await flink.jars({ signal }), action, words);
    // `run` reports that there is none.
    if (meant.length === 0) return undefined;
    return {
      title: action === 'clean' ? 'Delete older uploads' : 'Delete uploaded jars',
      lines: [
        `This deletes ${meant.map(({ id }) => oneLine(id, 120)).join(', ')} on ${clusterId}. Jobs that were started from ${meant.length === 1 ? 'it' : 'them'} keep running.`,
      ],
      jobs: [],
      action: meant.length === 1 ? 'Delete the jar' : `Delete the ${meant.length} jars`,
    };
  },
  async run({ flink, front, clock, signal }, { action, jars: words }) {
    const uploaded = await flink.jars({ signal });
    if (action === undefined) {
      front.print(uploaded.length === 0 ? ['No jar is uploaded.'] : textTable(jarColumns, uploaded, { now: clock.now(), whole: true }));
      return;
    }
    const meant = jarsMeant(uploaded, action, words);
    if (meant.length === 0) front.print(['No older uploads.']);
    for (const jar of meant) {
      await flink.deleteJar(jar.id, { signal });
      front.print([`Deleted ${jar.id}.`], 'good');
    }
  },
});

const jarsMeant = (
  uploaded: readonly UploadedJar[],
  action: 'delete' | 'clean' | undefined,
  words: readonly string[],
): readonly UploadedJar[] => (action === 'clean' ? olderVersions(uploaded, words) : named(uploaded, words));

function named(uploaded: readonly UploadedJar[], words: readonly string[]): readonly UploadedJar[] {
  if (words.length === 0) throw new Problem('usage', 'jars delete needs the id or the name of at least one jar.');
  const meant = words.map((word) => {
    const found = uploaded.filter(({ id, name }) => id === word || name === word);
    const [only, ...others] = found;
    if (only === undefined) throw noSuchJar(word);
    if (others.length > 0)
      throw new Problem('usage', `"${word}" can be ${found.length} jars: ${found.map(({ id }) => id).join(', ')}.`, {
        hint: 'Name it by its id.',
      });
    return only;
  });
  return [...new Set(meant)];
}

/** `words`: names of files, or ids or names of their uploads. */
function olderVersions(uploaded: readonly UploadedJar[], words: readonly string[]): readonly UploadedJar[] {
  const files = new Set(
    words.map((word) => {
      const found = uploaded.find(
        ({ id, name }) => originalName(name) !== undefined && (id === word || name === word || originalName(name) === word),
      );
      if (found === undefined) throw noSuchJar(word);
      return originalName(found.name);
    }),
  );
  return staleJars(uploaded).filter(({ name }) => files.size === 0 || files.has(originalName(name)));
}

const noSuchJar = (word: string): Problem => new Problem('not-found', `There is no uploaded jar "${word}".`, { hint: 'jars lists them.' });
