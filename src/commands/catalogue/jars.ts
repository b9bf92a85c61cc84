import { formatDateTime } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../arguments.ts';
import { command } from '../command.ts';
import { submitForbidden } from '../reasons.ts';

export const jars = command({
  name: 'jars',
  summary: 'Show the jars that were uploaded, or delete some',
  details: 'Deleting a jar does not touch the jobs that were started from it.',
  group: 'jobs',
  examples: ['jars', 'jars delete 3f2a_TopSpeedWindowing.jar'],
  args: { action: optional(arg.choice(['delete'], 'Delete the jars that are named')), jars: arg.uploadedJars('Ids of jars, or their names') },
  danger: 'confirm',
  dangerOf: ({ action }) => (action === 'delete' ? 'confirm' : 'safe'),
  source: 'flink',
  available: (session) => submitForbidden(session) ?? true,
  confirmation: (session, { jars: words }) => ({
    title: 'Delete uploaded jars',
    lines: [`This deletes ${words.join(', ')} on ${session.target.clusterId}. Jobs that were started from it go on.`],
    jobs: [],
  }),
  async run({ flink, front, signal }, { action, jars: words }) {
    const uploaded = await flink.jars({ signal });
    if (action === undefined) {
      front.print(uploaded.length === 0 ? ['No jar is uploaded.'] : uploaded.map(({ id, name, uploadedAt }) => `${id}  ${name}  ${formatDateTime(uploadedAt)}`));
      return;
    }
    if (words.length === 0) throw new Problem('usage', 'jars delete needs the id or the name of at least one jar.');
    const meant = words.map((word) => {
      const found = uploaded.filter(({ id, name }) => id === word || name === word);
      const [only, ...others] = found;
      if (only === undefined) throw new Problem('not-found', `There is no uploaded jar "${word}".`, { hint: 'jars lists them.' });
      if (others.length > 0) throw new Problem('usage', `"${word}" can be ${found.length} jars: ${found.map(({ id }) => id).join(', ')}.`, { hint: 'Name it by its id.' });
      return only;
    });
    for (const jar of new Set(meant)) {
      await flink.deleteJar(jar.id, { signal });
      front.print([`Deleted ${jar.id}.`], 'good');
    }
  },
});
