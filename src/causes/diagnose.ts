import type { Instant } from '../support/clock.ts';
import type { AnswerTo, Answers, Facts, Matter, Question, Site } from './facts.ts';
import type { Cause, Evidence } from './finding.ts';
import type { Verdict } from './rule.ts';
import { rules } from './rules.ts';
import { evidenceOf, wordsAbout } from './words.ts';

/** Asks one question; undefined: there is no answer, or none in time. */
export type Ask = <Kind extends Question['kind']>(
  question: Extract<Question, { readonly kind: Kind }>,
) => Promise<AnswerTo<Kind> | undefined>;

/** A cause, and the matter that it explains. */
export interface Judged {
  readonly matter: Matter;
  readonly cause: Cause;
}

export interface Diagnosis {
  /** In the order of the matters. */
  readonly proved: readonly Judged[];
  /** What nothing proves; empty if something is proved. */
  readonly possible: readonly Judged[];
  /** Everything that is known about the matters, in their order. */
  readonly evidence: readonly Evidence[];
}

/** An answer may make another question useful, such as whose log to read; more steps than these no rule has. */
const steps = 3;

/** Questions with the same key have the same answer. */
export function keyOf(question: Question): string {
  switch (question.kind) {
    case 'crash':
      return `${question.kind} ${question.pod.name} ${question.ended.container.name} ${question.ended.previous}`;
    case 'room':
    case 'log-end':
      return `${question.kind} ${question.pod.name}`;
    case 'checkpoint':
      return `${question.kind} ${question.jobId} ${question.id}`;
    case 'slots-needed':
      return `${question.kind} ${question.jobId}`;
    case 'refused-workers':
    case 'configuration':
    case 'registered':
      return question.kind;
  }
}

/** Why these things went wrong. Asks only what a rule needs that could apply; independent causes are all told. */
export async function diagnose(site: Site, now: Instant, matters: readonly Matter[], ask: Ask): Promise<Diagnosis> {
  const known = new Map<string, unknown>();
  // Each answer lies under the key of its question, which `ask` ties to its type.
  const answers: Answers = <Kind extends Question['kind']>(question: Extract<Question, { readonly kind: Kind }>) =>
    known.get(keyOf(question)) as AnswerTo<Kind> | undefined;
  const factsOf = (matter: Matter): Facts => ({ site, now, matter, answers, words: wordsAbout(matter, site, answers) });
  for (let step = 0; step < steps; step += 1) {
    const facts = matters.map(factsOf);
    const questions = new Map(
      facts.flatMap((each) => rules.flatMap((rule) => rule.asks(each))).map((question) => [keyOf(question), question] as const),
    );
    const open = [...questions].filter(([key]) => !known.has(key));
    if (open.length === 0) break;
    await Promise.all(open.map(async ([key, question]) => known.set(key, await ask(question))));
  }
  const facts = matters.map(factsOf);
  const opinions = facts.flatMap(judge);
  const proved = opinions.flatMap(({ kind, judged }) => (kind === 'proved' ? [judged] : []));
  return {
    proved,
    possible: proved.length > 0 ? [] : opinions.map(({ judged }) => judged),
    evidence: facts.flatMap(({ matter, words }) => evidenceOf(matter, words)),
  };
}

interface Opinion {
  readonly kind: Verdict['kind'];
  readonly judged: Judged;
}

/** The first proof about a matter; without one, what its facts speak for. */
function judge(facts: Facts): readonly Opinion[] {
  const opinions = rules.flatMap((rule): readonly Opinion[] => {
    const verdict = rule.judge(facts);
    if (verdict === undefined) return [];
    const { kind, ...rest } = verdict;
    return [{ kind, judged: { matter: facts.matter, cause: { rule: rule.id, ...rest } } }];
  });
  const proof = opinions.find(({ kind }) => kind === 'proved');
  return proof === undefined ? opinions : [proof];
}
