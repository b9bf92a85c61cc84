import { arg } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { disposeSavepoint } from '../procedures/savepoints.ts';

export const dispose = command({
  name: 'dispose',
  summary: 'Delete a savepoint',
  details: 'The cluster deletes it, so it must be able to reach its folder.',
  group: 'jobs',
  examples: ['dispose s3://savepoints/savepoint-9f13c2-4d0a6b1c2e3f'],
  args: { savepoint: arg.savepoint('Path of the savepoint, as the cluster sees it') },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  confirmation: (_session, { savepoint }) => ({
    title: 'Delete a savepoint',
    lines: [`This deletes ${savepoint}. No job can be started from it any more.`],
    jobs: [],
    action: 'Delete the savepoint',
  }),
  async run(context, { savepoint }) {
    await disposeSavepoint(context, savepoint);
    context.front.print([`Savepoint ${savepoint} is deleted.`], 'good');
  },
});
