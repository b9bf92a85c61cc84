import { exceptionIn } from '../../inside/log/exception-line.ts';
import type { TemplatesFacts } from '../../inside/log/templates/reading.ts';
import { TemplateTally } from '../../inside/log/templates/tally.ts';
import { levelNames } from '../../session/logs/level-names.ts';
import { isContinuation } from '../../session/logs/log4j.ts';
import type { Instant } from '../../support/clock.ts';
import type { PodLine } from './line-format.ts';

const encoder = new TextEncoder();

/** The entry of a pod to which lines may still come. */
interface Open {
  readonly line: Uint8Array;
  readonly level: number;
  readonly at: Instant;
  readonly pod: string;
  /** Undefined: its second line has not come. */
  exception: string | undefined;
}

/** Puts the lines that would be printed together by templates. */
export class PrintedTemplates {
  readonly #tally: TemplateTally;
  readonly #open = new Map<string, Open>();
  #entries = 0;
  #since: Instant | undefined;

  /** `messageOf`: what a line says after its head. */
  constructor(messageOf: (line: string) => string) {
    this.#tally = new TemplateTally(messageOf);
  }

  /** Lines of one pod are in their order. */
  add(lines: readonly PodLine[]): void {
    for (const { at, text, level, begins, pod } of lines) {
      const line = encoder.encode(text);
      const open = this.#open.get(pod.name);
      const starts = begins || (level === undefined && line.length > 0 && !isContinuation(line));
      if (!starts) {
        if (open !== undefined) open.exception ??= exceptionIn(text) ?? '';
        continue;
      }
      if (open !== undefined) this.#count(open);
      this.#open.set(pod.name, {
        line,
        level: level === undefined ? 0 : levelNames.indexOf(level) + 1,
        at,
        pod: pod.name,
        exception: undefined,
      });
    }
  }

  /** All of them; `now`: the last of the minutes that are counted. */
  end(now: Instant): TemplatesFacts {
    for (const open of this.#open.values()) this.#count(open);
    this.#open.clear();
    return { templates: this.#tally.facts(now), entries: this.#entries, since: this.#since, pending: 0, complete: true };
  }

  #count(entry: Open): void {
    this.#entries += 1;
    if (this.#since === undefined || entry.at < this.#since) this.#since = entry.at;
    this.#tally.add({ ...entry, exception: entry.exception ?? '' });
  }
}
