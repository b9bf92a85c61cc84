import { harmlessRow } from '../support/foreign-text.ts';
import type { FrontEnd, View } from './model/types.ts';

/** A front end to which commands can say what servers and files said: it shows no more of it than text, and each line is one row. */
export function harmlessFront(front: FrontEnd): FrontEnd {
  return {
    ...front,
    print: (lines, tone) => front.print(lines.map(harmlessRow), tone),
    show: (view) => front.show(harmlessView(view)),
  };
}

const harmlessView = (view: View): View => ('text' in view ? { ...view, text: view.text.map(harmlessRow) } : view);
