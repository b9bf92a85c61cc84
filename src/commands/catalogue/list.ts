import { command } from '../model/command.ts';

export const list = command({
  name: 'list',
  aliases: ['jobs'],
  summary: 'Show the jobs',
  group: 'jobs',
  shell: { kind: 'list', name: 'jobs', what: 'jobs', one: 'job' },
  danger: 'safe',
  source: 'flink',
  run: ({ front }) => front.show({ kind: 'jobs' }),
});
