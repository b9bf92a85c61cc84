import type { Diagnosis, Judged } from '../../causes/diagnose.ts';
import type { Cause, Finding } from '../../causes/finding.ts';

/** The part of a finding that says why. */
export type Explained = Pick<Finding, 'rule' | 'cause' | 'evidence' | 'conclusions' | 'advice' | 'also' | 'possible'>;

/** A diagnosis as a part of a finding. `tell`: how the text of a cause is put, if its subject is not that of the finding. */
export function explained(
  { proved, possible, evidence }: Diagnosis,
  tell: (judged: Judged) => string = ({ cause }) => cause.text,
): Explained {
  const [first, ...others] = proved.map((judged): Cause => ({ ...judged.cause, text: tell(judged) }));
  return {
    rule: first?.rule,
    cause: first?.text,
    evidence: [...(first?.evidence ?? []), ...evidence],
    conclusions: first?.conclusions ?? [],
    advice: first?.advice ?? possible.flatMap(({ cause }) => cause.advice),
    also: others,
    possible: possible.map((judged) => ({ ...judged.cause, text: tell(judged) })),
  };
}

/** Nothing to explain: what is wrong says it all. */
export const unexplained: Explained = {
  rule: undefined,
  cause: undefined,
  evidence: [],
  conclusions: [],
  advice: [],
  also: [],
  possible: [],
};
