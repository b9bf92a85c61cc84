import { jobLabel } from '../session/job-words.ts';
import type { Doubt } from '../commands/model/types.ts';
import type { Plan } from '../commands/runner.ts';

type Asking = Extract<Plan, { readonly kind: 'confirm' }>;

/** The question before a command that could do harm, as lines; the last one says what to type. */
export function questionLines({ confirmation: { title, lines, jobs, action, phrase, alternatives = [] } }: Asking): readonly string[] {
  return [
    `${title}.`,
    ...lines,
    ...jobs.map((job) => `  ${jobLabel(job)} ${job.state}`),
    ...alternatives.map(
      ({ label, commandLine, recommended }) => `Another way${recommended === true ? ' (recommended)' : ''}: ${commandLine} - ${label}`,
    ),
    phrase === undefined ? `${action}? [y/N]` : `${action}? Type ${phrase} to confirm, anything else changes nothing.`,
  ];
}

/** The question in the middle of a command, as lines. */
export const doubtLines = ({ title, lines, action }: Doubt): readonly string[] => [`${title}.`, ...lines, `${action}? [y/N]`];

export const isYes = (line: string): boolean => /^y(es)?$/i.test(line.trim());

/** Whether the typed line agrees. */
export const isAgreement = (line: string | undefined, { confirmation: { phrase } }: Asking): boolean =>
  line !== undefined && (phrase === undefined ? isYes(line) : line.trim() === phrase);

/** The message if it does not. */
export const unchanged = ({ command }: Asking): string => `${command.name}: nothing was changed.`;
