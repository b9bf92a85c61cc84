import { command } from '../command.ts';

export const refresh = command({
  name: 'refresh',
  summary: 'Ask every source again now',
  details: 'A source that waits for its next try tries at once.',
  group: 'session',
  danger: 'safe',
  run: ({ refresh: askAgain }) => askAgain(),
});
