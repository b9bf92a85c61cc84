import { arg } from '../model/arguments.ts';
import { command } from '../model/command.ts';

export const mouse = command({
  name: 'mouse',
  summary: 'Use the mouse for scrolling and selecting, or leave it to the terminal',
  details: 'Off at the start, so that the terminal can select text.',
  group: 'view',
  args: { state: arg.choice(['on', 'off'], 'on: wheel and clicks go to the panels; off: the terminal selects text') },
  danger: 'safe',
  run: ({ front }, { state }) => front.setMouse(state === 'on'),
});
