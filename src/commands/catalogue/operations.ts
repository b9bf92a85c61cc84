import { command } from '../model/command.ts';

export const operations = command({
  name: 'operations',
  aliases: ['ops'],
  summary: 'Show what was started here: uploads, savepoints, stops, with their results',
  group: 'jobs',
  shell: { kind: 'operations' },
  danger: 'safe',
  run: ({ front }) => front.show({ kind: 'operations' }),
});
