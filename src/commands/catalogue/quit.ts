import { command } from '../model/command.ts';

export const quit = command({
  name: 'quit',
  aliases: ['exit', 'detach', 'q', 'q!', 'qa', 'wq'],
  summary: 'Detach; the cluster keeps running',
  details: 'Operations that were started continue on the server; their results are found when you attach again.',
  group: 'session',
  danger: 'safe',
  ends: true,
  run: ({ front }) => front.quit(),
});
