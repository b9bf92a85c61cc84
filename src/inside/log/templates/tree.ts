import { anything, type TemplatePattern } from './template.ts';

export interface Template extends TemplatePattern {
  /** Its number among all, in the order in which they were found. */
  readonly number: number;
  words: readonly string[];
  /** It stands for all messages of its level for which there was no room. */
  readonly rest: boolean;
}

/** How many templates there are at most: those of a start of Flink, of its ordinary work and of its failures are about 300. */
export const mostTemplates = 1_000;
/** One for each level, and for lines without one, stands for what has no room. */
const levels = 6;
/** How many templates one message is compared with at most. */
const mostAlike = 64;
/** How many first words are told apart at most, among messages of one level and length. */
const mostFirst = 64;

/** The messages of one level, exception and length, by their first word. */
type Branch = Map<string, Template[]>;

/**
 * Puts messages together that differ in single words: a tree by level, exception, length and first word, with templates as its leaves. After
 * the idea of Drain (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", 2017). A template never becomes narrower, so
 * it covers all messages that it was given. What a message costs does not grow with the number of messages.
 */
export class TemplateTree {
  readonly #branches = new Map<string, Branch>();
  readonly #all: Template[] = [];
  readonly #rest = new Map<number, Template>();
  readonly #most: number;

  constructor(most = mostTemplates) {
    this.#most = most - levels;
  }

  get all(): readonly Template[] {
    return this.#all;
  }

  /** The template of a message, which may be a new one. */
  place(level: number, exception: string, words: readonly string[]): Template {
    const leaf = this.#leaf(level, exception, words);
    const like = leaf === undefined ? undefined : nearest(leaf, words);
    if (like !== undefined) return widened(like, words);
    if (this.#all.length - this.#rest.size >= this.#most) return this.#restOf(level);
    if (leaf !== undefined && leaf.length >= mostAlike) return widened(leaf[0] as Template, words);
    const template: Template = { number: this.#all.length, level, exception, words, rest: false };
    this.#all.push(template);
    (leaf ?? this.#grow(level, exception, words)).push(template);
    return template;
  }

  #leaf(level: number, exception: string, words: readonly string[]): Template[] | undefined {
    const branch = this.#branches.get(branchName(level, exception, words));
    return branch?.get(firstWord(branch, words));
  }

  #grow(level: number, exception: string, words: readonly string[]): Template[] {
    const name = branchName(level, exception, words);
    const branch: Branch = this.#branches.get(name) ?? new Map<string, Template[]>();
    this.#branches.set(name, branch);
    const leaf: Template[] = [];
    branch.set(firstWord(branch, words), leaf);
    return leaf;
  }

  #restOf(level: number): Template {
    const known = this.#rest.get(level);
    if (known !== undefined) return known;
    const rest: Template = { number: this.#all.length, level, exception: '', words: [anything], rest: true };
    this.#rest.set(level, rest);
    this.#all.push(rest);
    return rest;
  }
}

const branchName = (level: number, exception: string, words: readonly string[]): string => `${level} ${words.length} ${exception}`;

/** Messages that begin with a value stand together, and so do those whose first words are too many. */
function firstWord(branch: Branch, [first = '']: readonly string[]): string {
  const word = first.includes(anything) ? anything : first;
  return branch.has(word) || branch.size < mostFirst ? word : anything;
}

/** Three of five words are the same: `Loading configuration property: a, b` and the same with `c, d`, but no two messages of two words. */
const isAlike = (equal: number, length: number): boolean => equal * 5 >= length * 3;

/** `RUNNING` and `FAILED` differ in what they mean, not in a value. */
const isCapital = (word: string): boolean => /^[A-Z_]{3,}\W*$/.test(word);

function nearest(leaf: readonly Template[], words: readonly string[]): Template | undefined {
  let found: Template | undefined;
  let most = -1;
  for (const template of leaf) {
    const equal = equalWords(template.words, words);
    if (equal <= most || !isAlike(equal, words.length)) continue;
    found = template;
    most = equal;
  }
  return found;
}

/** How many words are equal; -1: they differ in one that must not. */
function equalWords(template: readonly string[], words: readonly string[]): number {
  let equal = 0;
  for (const [index, word] of template.entries()) {
    const other = words[index] as string;
    if (word === other) equal += 1;
    else if (word !== anything && (isCapital(word) || isCapital(other))) return -1;
  }
  return equal;
}

/** The template with all words as values in which it differs from a message. */
function widened(template: Template, words: readonly string[]): Template {
  if (template.words.some((word, index) => word !== anything && word !== words[index]))
    template.words = template.words.map((word, index) => (word === words[index] ? word : anything));
  return template;
}
