import type { CommandContext } from '../model/types.ts';

/** A step on the way. In a shell, standard output is the result alone, for other tools. */
export const tellAside = ({ front, mode }: Pick<CommandContext, 'front' | 'mode'>, words: string): void =>
  front.print([words], mode === 'one-shot' ? 'warn' : 'event');
