import { harmlessData, harmlessRow } from '../support/foreign-text.ts';
import type { FrontEnd, View } from './model/types.ts';

/** A front end to which commands can pass text of servers and files: it shows only harmless text, and each line as one row. */
export function harmlessFront(front: FrontEnd): FrontEnd {
  const { agrees } = front;
  return {
    ...front,
    ...(agrees === undefined ? {} : { agrees: (doubt) => agrees(harmlessData(doubt)) }),
    print: (lines, tone) => front.print(lines.map(harmlessRow), tone),
    show: (view) => front.show(harmlessView(view)),
  };
}

const harmlessView = (view: View): View => ('text' in view ? { ...view, text: view.text.map(harmlessRow) } : view);
