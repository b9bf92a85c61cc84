import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';

export const theme = command({
  name: 'theme',
  summary: 'Change the colours, or list the themes',
  group: 'view',
  examples: ['theme', 'theme light'],
  args: { name: optional(arg.theme('Name of a theme')) },
  danger: 'safe',
  run({ front }, { name }) {
    if (name !== undefined) return front.setTheme(name);
    front.print([front.themes.length === 0 ? 'Themes need the full-screen terminal.' : `Themes: ${front.themes.join(', ')}`]);
  },
});
