import { command } from '../model/command.ts';

export const timeline = command({
  name: 'timeline',
  aliases: ['story'],
  summary: 'Show what happened: events of Kubernetes, changes of pods and jobs, commands given here',
  group: 'pods',
  danger: 'safe',
  run: ({ front }) => front.show({ kind: 'timeline' }),
});
