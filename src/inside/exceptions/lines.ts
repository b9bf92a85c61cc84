import { formatDateTime } from '../../support/format.ts';
import { whereWords, type FailureFacts } from './failures.ts';
import { stackLines, type StackLine } from './fold.ts';
import { parseStack } from './stack.ts';

/** A line about a failure: what is known of it, then its stack, the root cause first. */
export type FailureLine = StackLine | { readonly kind: 'fact'; readonly text: string };

const fact = (text: string): FailureLine => ({ kind: 'fact', text });

/** When and where, how often it came, what failed with it, and its stack. `folded`: frames of Flink and the JDK are counted, not listed. */
export function failureLines(failure: FailureFacts, folded: boolean): readonly FailureLine[] {
  const { at, where, times, gaveUp, together, labels } = failure;
  return [
    fact(`${formatDateTime(at)}: ${where === undefined ? 'the job failed as a whole' : `${whereWords(where)} failed`}`),
    ...(gaveUp === undefined ? [] : [fact(`The job is not restarted again: ${gaveUp}`)]),
    ...(times.length === 1 ? [] : [fact(`The same cause failed the job ${times.length} times: ${times.map(formatDateTime).join(', ')}`)]),
    ...Object.entries(labels).map(([key, value]) => fact(`Label ${key}: ${value}`)),
    ...together.map(({ cause, at: places }) => fact(`Failed with it: ${cause}, in ${places.map(whereWords).join('; ')}`)),
    ...stackLines(parseStack(failure.stacktrace), folded),
  ];
}

/** A line as text. */
export function lineText({ kind, text }: FailureLine): string {
  switch (kind) {
    case 'fact':
      return text;
    case 'root':
      return `Root cause: ${text}`;
    case 'wrapper':
      return `Which led to: ${text}`;
    case 'frame':
      return `    at ${text}`;
    case 'fold':
      return `    ... ${text}`;
  }
}
