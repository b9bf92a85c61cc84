import { command } from '../command.ts';

export const quit = command({
  name: 'quit',
  aliases: ['exit', 'detach'],
  summary: 'Leave; the cluster goes on running',
  details: 'Operations that were started go on where the server does them; their results are found when you attach again.',
  group: 'session',
  danger: 'safe',
  ends: true,
  run: ({ front }) => front.quit(),
});
