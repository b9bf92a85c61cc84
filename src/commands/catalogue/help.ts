import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { commandHelp, overviewHelp } from '../line/help-text.ts';

export const help = command({
  name: 'help',
  aliases: ['h'],
  summary: 'Show the commands, or one of them',
  group: 'session',
  examples: ['help', 'help submit'],
  args: { command: optional(arg.command('Name of a command')) },
  danger: 'safe',
  run({ front, catalogue, sandbox, mode }, { command: about }) {
    if (about === undefined)
      return front.show({ kind: 'help', text: overviewHelp(catalogue, { tour: sandbox !== undefined, screen: mode === 'tui' }) });
    return front.show({ kind: 'help', command: about.name, text: commandHelp(about) });
  },
});
