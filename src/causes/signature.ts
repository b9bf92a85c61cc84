import type { PodRole } from '../native/pod.ts';
import type { Words } from './facts.ts';
import { proved, type Rule, rule, type Verdict } from './rule.ts';

/** What advice depends on. What is unknown is undefined. */
export interface Told {
  readonly match: RegExpExecArray;
  readonly role: PodRole;
  readonly flinkVersion: string | undefined;
  readonly configuration: ReadonlyMap<string, string> | undefined;
  readonly namespace: string | undefined;
}

/** A text that proves its cause: Flink, Java or Kubernetes writes it for no other reason. */
export interface Signature {
  readonly id: string;
  /** For the reference, without a full stop. */
  readonly finds: string;
  readonly signs: RegExp;
  /** Only Kubernetes proves something by it: an exception of a job may have the same words. */
  readonly ofKubernetes?: true;
  /** Looked for in the causes around the innermost one as well: this text says more than what is below it. */
  readonly wraps?: true;
  /** The same happens again after a restart. */
  readonly lasting?: true;
  /** The configuration makes its advice better. */
  readonly configured?: true;
  /** What follows from the text although it does not say so; whole sentences. */
  readonly conclusions?: (told: Told) => readonly string[];
  /** What helps, one sentence each. Options are named only if they change something. */
  readonly advice: (told: Told) => readonly string[];
}

/** A found signature: the line in which it stands, and the match. */
interface Found {
  readonly line: string;
  readonly match: RegExpExecArray;
}

/** A line of a stack trace without what stands around its message. */
const messageOf = (line: string): string =>
  line
    .replace(/^\s*(?:Caused by: )?/, '')
    .replace(/^\S+ \S+ (?:ERROR|FATAL|WARN) +\S+ +\[\] - /, '')
    .trim();

function find({ signs, wraps }: Signature, { text, whole }: Pick<Words, 'text' | 'whole'>): Found | undefined {
  const match = signs.exec(text);
  if (match !== null) return { line: text, match };
  if (wraps === undefined) return undefined;
  for (const line of whole.split('\n')) {
    if (/^\s+at /.test(line)) continue;
    const around = signs.exec(line);
    if (around !== null) return { line: messageOf(line), match: around };
  }
  return undefined;
}

/** The rule of a signature: its text is the cause. */
export const signatureRule = (signature: Signature): Rule =>
  rule({
    id: signature.id,
    finds: signature.finds,
    about: signature.ofKubernetes === true ? ['pod', 'slots', 'creation'] : ['pod', 'exception', 'slots', 'checkpoint', 'creation'],
    asks: ({ words }) =>
      signature.configured === true && words !== undefined && find(signature, words) !== undefined ? [{ kind: 'configuration' }] : [],
    judge({ words, site, answers }): Verdict | undefined {
      const found = words === undefined ? undefined : find(signature, words);
      if (words === undefined || found === undefined) return undefined;
      const told: Told = {
        match: found.match,
        role: words.role,
        flinkVersion: site.config?.flinkVersion ?? site.overview?.flinkVersion,
        configuration: answers({ kind: 'configuration' }),
        namespace: site.target.namespace,
      };
      return proved(found.line, { conclusions: signature.conclusions?.(told) ?? [], advice: signature.advice(told) });
    },
  });

/** The advice for this text, as far as it can be given without asking for more; empty if it has none of the signatures. */
export function adviceIn(signatures: readonly Signature[], text: string, role: PodRole): readonly string[] {
  return signatures.flatMap((signature) => {
    const found = find(signature, { text, whole: text });
    return found === undefined
      ? []
      : signature.advice({ match: found.match, role, flinkVersion: undefined, configuration: undefined, namespace: undefined });
  });
}
