import type { ViewEntry } from '../../inside/log/templates/reading.ts';
import { levelOf } from '../level-of.ts';
import type { ViewLine } from '../types.ts';
import { EntryFinder } from './entries.ts';
import type { LogBuffer } from './log-buffer.ts';

const noEntry: ViewEntry = { text: '', exception: '' };

/** The line to check. Most are decided by their level or their pod: the text is decoded only when it is read. */
export class Candidate implements ViewLine {
  readonly timeline = undefined;
  name = '';
  number = 0;
  buffer: LogBuffer | undefined;
  readonly #entries = new EntryFinder();

  get entry(): ViewEntry {
    return this.buffer === undefined ? noEntry : this.#entries.entryOf(this.buffer, this.number);
  }

  get at(): number {
    return this.buffer?.stamp(this.number) ?? Number.NaN;
  }

  get pod(): string {
    return this.name;
  }

  get text(): string {
    return this.buffer?.text(this.number) ?? '';
  }

  get begins(): boolean {
    return this.buffer?.begins(this.number) ?? false;
  }

  get level(): ViewLine['level'] {
    return levelOf(this.buffer?.level(this.number) ?? 0);
  }
}
