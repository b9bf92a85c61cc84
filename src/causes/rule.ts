import type { Cause } from './finding.ts';
import type { Facts, Matter, Question } from './facts.ts';

/** `proved`: the evidence leaves no other cause. `possible`: it speaks for it. */
export interface Verdict extends Omit<Cause, 'rule'> {
  readonly kind: 'proved' | 'possible';
}

/** A cause that can be recognised. */
export interface Rule {
  readonly id: string;
  /** For the reference, without a full stop: `a container used more memory than its limit`. */
  readonly finds: string;
  /** What has to be asked for it, as far as it could apply. */
  readonly asks: (facts: Facts) => readonly Question[];
  /** What the facts prove or speak for. Pure. */
  readonly judge: (facts: Facts) => Verdict | undefined;
}

interface RuleOf<Kind extends Matter['kind']> {
  readonly id: string;
  readonly finds: string;
  readonly about: readonly Kind[];
  readonly asks?: (facts: Facts<Kind>) => readonly Question[];
  readonly judge: (facts: Facts<Kind>) => Verdict | undefined;
}

/** A rule about some kinds of matters; about others it says nothing, and asks for nothing. */
export function rule<Kind extends Matter['kind']>({ id, finds, about, asks, judge }: RuleOf<Kind>): Rule {
  const kinds = new Set<Matter['kind']>(about);
  const isOfThese = (matter: Matter): matter is Extract<Matter, { readonly kind: Kind }> => kinds.has(matter.kind);
  const narrowed = ({ matter, ...facts }: Facts): Facts<Kind> | undefined => (isOfThese(matter) ? { ...facts, matter } : undefined);
  return {
    id,
    finds,
    asks(facts) {
      const own = narrowed(facts);
      return asks === undefined || own === undefined ? [] : asks(own);
    },
    judge(facts) {
      const own = narrowed(facts);
      return own === undefined ? undefined : judge(own);
    },
  };
}

/** Longer texts are cut: the rest of a server's message is a repetition. */
const longestText = 400;

/** A text as a cause is put: without its full stop, and, of one that is too long or was cut before, the sentences that are whole. */
function clause(text: string): string {
  const ended = text.replace(/\.+$/, '');
  if (ended.length <= longestText && !ended.endsWith('…')) return ended;
  const kept = ended.slice(0, longestText);
  const whole = kept.lastIndexOf('. ');
  return whole > kept.length / 2 ? kept.slice(0, whole) : kept.replace(/…?$/, '…');
}

/** A verdict with as little as it needs. */
export const proved = (text: string, more: Partial<Omit<Verdict, 'kind' | 'text'>> = {}): Verdict => ({
  kind: 'proved',
  text: clause(text),
  evidence: [],
  conclusions: [],
  advice: [],
  ...more,
});

export const possible = (text: string, more: Partial<Omit<Verdict, 'kind' | 'text'>> = {}): Verdict => ({
  ...proved(text, more),
  kind: 'possible',
});
