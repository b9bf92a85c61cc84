import { command } from '../command.ts';

export const pods = command({
  name: 'pods',
  summary: 'Show the pods',
  group: 'pods',
  danger: 'safe',
  source: 'kubernetes',
  run: ({ front }) => front.show({ kind: 'pods' }),
});
