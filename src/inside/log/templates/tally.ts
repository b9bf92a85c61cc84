import { Mask } from './mask.ts';
import { MinuteCounts, minuteOf } from './minutes.ts';
import { Shapes } from './shapes.ts';
import { maskedWords } from './template.ts';
import { TemplateTree } from './tree.ts';

/** One entry of a log: its first line, and what its trace says. */
export interface TemplateEntry {
  readonly line: Uint8Array;
  /** 1 (TRACE) to 5 (ERROR); 0: it has none. */
  readonly level: number;
  /** The class of the exception whose trace follows; empty: there is none. */
  readonly exception: string;
  readonly at: number;
  readonly pod: string;
}

/** What is known of one template: plain data. */
export interface TemplateFacts {
  /** Stays the same while entries are added. */
  readonly number: number;
  readonly level: number;
  readonly exception: string;
  readonly words: readonly string[];
  /** It stands for all messages of its level for which there was no room. */
  readonly rest: boolean;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Names of the pods that wrote it. */
  readonly pods: readonly string[];
  /** How often in each of the last minutes, the oldest first. */
  readonly minutes: readonly number[];
}

interface Count {
  count: number;
  first: number;
  last: number;
  readonly minutes: MinuteCounts;
  /** A bit for each pod, by its number. */
  pods: Uint32Array;
}

/** Pods are told apart by a bit in each template: beyond these they are one. */
const mostPods = 1_024;

const decoder = new TextDecoder();

/**
 * Counts entries by their templates. It takes at most about 3 MB, however many there are: a thousand templates of forty words, an hour of
 * minutes and a bit for each pod.
 */
export class TemplateTally {
  readonly #messageOf: (line: string) => string;
  readonly #tree: TemplateTree;
  readonly #shapes = new Shapes();
  readonly #mask = new Mask();
  /** By the number of the template. */
  readonly #counts: Count[] = [];
  readonly #pods: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** `messageOf`: what a line says after its time, its level and its logger. */
  constructor(messageOf: (line: string) => string, tree = new TemplateTree()) {
    this.#messageOf = messageOf;
    this.#tree = tree;
  }

  add(entry: TemplateEntry): void {
    const number = this.#templateOf(entry);
    const count = (this.#counts[number] ??= { count: 0, first: entry.at, last: entry.at, minutes: new MinuteCounts(), pods: noPods });
    count.count += 1;
    if (entry.at < count.first) count.first = entry.at;
    if (entry.at > count.last) count.last = entry.at;
    count.minutes.add(entry.at);
    this.#note(count, entry.pod);
  }

  /** `now`: the last of the minutes. Templates without an entry are not among them. */
  facts(now: number): readonly TemplateFacts[] {
    const minute = minuteOf(now);
    return this.#tree.all.map(({ number, level, exception, words, rest }) => {
      const { count, first, last, minutes, pods } = this.#counts[number] as Count;
      const names = this.#pods.filter((_, pod) => ((pods[pod >>> 5] ?? 0) & (1 << (pod & 31))) !== 0);
      return { number, level, exception, words, rest, count, first, last, pods: names, minutes: minutes.upTo(minute) };
    });
  }

  #templateOf({ line, level, exception }: TemplateEntry): number {
    const mask = this.#mask;
    mask.mask(line);
    const { high } = mask;
    // What a line says may be the same at another level, if its layout does not write the level.
    const low = (mask.low ^ level) >>> 0;
    // An entry with a trace is rare, and its shape does not tell which exception it is.
    const known = exception === '' ? this.#shapes.get(low, high) : -1;
    if (known >= 0) return known;
    const { number } = this.#tree.place(level, exception, maskedWords(mask, this.#messageOf(decoder.decode(line))));
    if (exception === '') this.#shapes.set(low, high, number);
    return number;
  }

  #note(count: Count, pod: string): void {
    let number = this.#numbers.get(pod);
    if (number === undefined) {
      if (this.#pods.length >= mostPods) return;
      number = this.#pods.push(pod) - 1;
      this.#numbers.set(pod, number);
    }
    const word = number >>> 5;
    if (word >= count.pods.length) {
      const grown = new Uint32Array(word + 1);
      grown.set(count.pods);
      count.pods = grown;
    }
    count.pods[word] = (count.pods[word] as number) | (1 << (number & 31));
  }
}

const noPods = new Uint32Array(0);
