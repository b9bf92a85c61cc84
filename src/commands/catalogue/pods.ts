import { command } from '../model/command.ts';

export const pods = command({
  name: 'pods',
  aliases: ['pod', 'po'],
  summary: 'Show the pods',
  group: 'pods',
  shell: { kind: 'list', what: 'pods', one: 'pod' },
  danger: 'safe',
  source: 'kubernetes',
  run: ({ front }) => front.show({ kind: 'pods' }),
});
