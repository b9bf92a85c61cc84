import { Argument, type Command } from 'commander';
import { frontOptions, givenOptions } from './shared-options.ts';

/** The shells that drey has a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The first word of a script's request for the candidates at the cursor: `drey __complete pods my-cl`. */
export const completionQuestion = '__complete';

export interface CompletionInvocation {
  readonly kind: 'completion';
  readonly shell: Shell;
}

/** `drey completion bash|zsh|fish`. */
export function addCompletion(program: Command, settle: (found: CompletionInvocation) => void): void {
  const command = program
    .command('completion')
    .description('Print a script that lets Tab complete drey in a shell')
    .addArgument(new Argument('<shell>', shells.join(', ')).choices(shells));
  // Accepted because an alias may set them.
  for (const option of frontOptions()) command.addOption(option.hideHelp());
  command.action((shell: Shell) => {
    givenOptions(command);
    settle({ kind: 'completion', shell });
  });
}
