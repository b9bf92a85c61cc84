import { readFileSync } from 'node:fs';
import type { Cause, Finding, Report } from '../../src/causes/finding.ts';
import type { Incident } from './incident.ts';

/** A cluster in trouble, and what `why` has to say about it. */
export interface Scenario {
  /** What a person would call it. */
  readonly name: string;
  readonly incident: () => Incident;
  /** It was recorded on a real cluster (`tools/record-incident.ts`). */
  readonly recorded: boolean;
  readonly subject: Finding['subject']['kind'];
  /** If there are several such subjects. */
  readonly named?: string;
  /** The rule that finds the cause; undefined: nothing is proved; `none`: nothing is said to be wrong, or at least nothing proved. */
  readonly rule: string | undefined;
  /** The rule of a second cause, which is told as well. */
  readonly also?: string;
  /** The rule that says what is possible, if nothing is proved. */
  readonly possible?: string;
  /** In the cause, or in what is possible. */
  readonly says: RegExp;
  /** In the advice or the conclusions. */
  readonly helps?: RegExp;
  /** Rules whose causes look alike and must not be named. */
  readonly not?: readonly string[];
}

export const recorded = (file: string): Incident =>
  JSON.parse(readFileSync(new URL(`incidents/${file}.json`, import.meta.url), 'utf8')) as Incident;

export interface Verdict {
  readonly right: boolean;
  /** A cause was named that is not the one. */
  readonly false: boolean;
  /** For a person who looks why it is not right. */
  readonly told: string;
}

const causesOf = ({ rule, cause, also }: Finding): readonly { readonly rule: string; readonly text: string }[] => [
  ...(rule === undefined || cause === undefined ? [] : [{ rule, text: cause }]),
  ...also.map(({ rule: other, text }: Cause) => ({ rule: other, text })),
];

/** Whether the report has the cause of the scenario, with evidence and advice, and no other one about the subject. */
export function judge({ subject, named, rule, also, possible, says, helps, not = [] }: Scenario, { findings, unknown }: Report): Verdict {
  const about = findings.filter((each) => each.subject.kind === subject && (named === undefined || each.subject.name === named));
  const causes = (named === undefined ? findings : about).flatMap(causesOf);
  const quiet = rule === 'none' && about.every((each) => causesOf(each).length === 0);
  const found = about.find((each) => (rule === undefined ? each.cause === undefined : each.rule === rule));
  const words =
    found === undefined ? [] : [found.cause ?? '', ...found.possible.map(({ text }) => text), ...found.evidence.map(({ text }) => text)];
  const help = found === undefined ? [] : [...found.advice, ...found.conclusions];
  return {
    right:
      quiet ||
      (found !== undefined &&
        (also === undefined || found.also.some((each) => each.rule === also)) &&
        (possible === undefined || found.possible.some((each) => each.rule === possible)) &&
        found.evidence.length > 0 &&
        words.some((text) => says.test(text)) &&
        (helps === undefined || help.some((text) => helps.test(text)))),
    false:
      causes.some((each) => not.includes(each.rule)) ||
      about.some((each) => causesOf(each).some((cause) => cause.rule !== rule && cause.rule !== also)),
    told: JSON.stringify({ findings, unknown }, undefined, 1),
  };
}
