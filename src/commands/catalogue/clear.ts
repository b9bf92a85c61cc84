import { command } from '../model/command.ts';

export const clear = command({
  name: 'clear',
  summary: 'Clear what is shown of the log',
  details: 'Nothing is lost: the log can be scrolled back.',
  group: 'view',
  danger: 'safe',
  run: ({ front }) => front.clear(),
});
