import { command } from '../model/command.ts';

export const pods = command({
  name: 'pods',
  aliases: ['pod', 'po'],
  summary: 'Show the pods',
  group: 'pods',
  danger: 'safe',
  source: 'kubernetes',
  run: ({ front }) => front.show({ kind: 'pods' }),
});
