import type { LogView, ViewLine } from '../../session/types.ts';
import { plain } from '../../support/text-width.ts';
import { turnOver } from '../../support/turns.ts';
import type { ShownLog } from '../model/shown-log.ts';

/** A line of a log as a file has it, with its number in the view. */
export interface WrittenLine {
  readonly number: number;
  readonly text: string;
}

/** A line as the pod wrote it, behind the name of the pod if there are several. */
export function writtenText({ pod, text }: Pick<ViewLine, 'pod' | 'text'>, nameOf: ShownLog['nameOf']): string {
  return nameOf === undefined || pod === undefined ? text : `${nameOf(pod)} ${text}`;
}

/** The lines that a view has now, without the timeline. What is dropped meanwhile is missing; what comes meanwhile is left out. */
export async function* writtenLines(
  view: LogView,
  nameOf: ShownLog['nameOf'],
  signal: AbortSignal,
): AsyncGenerator<WrittenLine, void, undefined> {
  while (view.pending > 0) {
    view.advance();
    await turnOver();
    signal.throwIfAborted();
  }
  const end = view.dropped + view.count;
  for (let number = view.dropped; number < end; number += 1) {
    const line = view.line(number - view.dropped);
    if (line !== undefined && line.timeline === undefined) yield { number, text: writtenText(line, nameOf) };
    await turnOver();
    signal.throwIfAborted();
  }
}

/** The same texts as an editor shows them: without colours. */
export async function* withoutColours(lines: AsyncIterable<WrittenLine>): AsyncGenerator<WrittenLine, void, undefined> {
  for await (const { number, text } of lines) yield { number, text: plain(text) };
}
