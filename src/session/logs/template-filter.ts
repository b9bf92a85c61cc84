import { Mask } from '../../inside/log/templates/mask.ts';
import { covers, maskedWords, type TemplatePattern } from '../../inside/log/templates/template.ts';
import type { ViewEntry } from '../../inside/log/templates/reading.ts';
import type { LogReader, ViewLine } from '../types.ts';
import { levelOf } from '../level-of.ts';
import { messageBy } from './message.ts';

/** Whether a line belongs to an entry of a template: its first line, or a line of its trace. */
export function isOfTemplate(template: TemplatePattern, reader: Pick<LogReader, 'head'>): (line: ViewLine) => boolean {
  const level = levelOf(template.level);
  const messageOf = messageBy(reader);
  const mask = new Mask();
  let last: ViewEntry | undefined;
  let belongs = false;
  return (line) => {
    if (line.level !== level || line.entry === undefined) return false;
    const { entry } = line;
    if (entry !== last) {
      last = entry;
      belongs = covers(template, template.level, entry.exception, maskedWords(mask, messageOf(entry.text)));
    }
    return belongs;
  };
}
