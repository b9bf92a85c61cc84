import { command } from '../model/command.ts';

export const refresh = command({
  name: 'refresh',
  summary: 'Refresh everything now',
  details: 'Lost connections are retried at once.',
  group: 'session',
  danger: 'safe',
  run({ refresh: askAgain, front }) {
    askAgain();
    front.print(['Refreshing everything now.']);
  },
});
