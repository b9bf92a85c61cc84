import type { Pod, Warning } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { formatSpan, formatTime } from '../../support/format.ts';

/** Where a piece of evidence comes from. */
export type EvidenceSource =
  /** An object's own status. */
  | { readonly kind: 'status'; readonly object: string }
  | { readonly kind: 'event'; readonly object: string; readonly reason: string }
  /** `previous`: the log of the run before the last restart. */
  | { readonly kind: 'log'; readonly pod: string; readonly container: string | undefined; readonly previous: boolean }
  | { readonly kind: 'exception'; readonly task: string | undefined; readonly pod: string | undefined }
  | { readonly kind: 'rest'; readonly what: 'jobs' | 'slots' | 'checkpoints' };

/** A line that supports a cause, in the words of its source. */
export interface Evidence {
  readonly source: EvidenceSource;
  readonly at: Instant | undefined;
  readonly text: string;
}

export type FindingSubject =
  | { readonly kind: 'cluster' | 'connection' | 'pod'; readonly name: string }
  | { readonly kind: 'job'; readonly name: string; readonly id: string };

/** Something that is wrong, and its cause as far as it is proved. */
export interface Finding {
  readonly subject: FindingSubject;
  readonly severity: 'warn' | 'error';
  /** Whole sentences. */
  readonly what: string;
  /** One sentence without a full stop; undefined: the evidence proves no cause. */
  readonly cause: string | undefined;
  readonly evidence: readonly Evidence[];
  /** What to do about it, one sentence each. */
  readonly advice: readonly string[];
}

export interface Report {
  readonly findings: readonly Finding[];
  /** What could not be checked, one sentence each. */
  readonly unknown: readonly string[];
}

/** A warning of Kubernetes about a pod, as evidence. */
export const eventEvidence = (pod: Pod, { reason, at, message }: Warning): Evidence => ({
  source: { kind: 'event', object: pod.shortName, reason },
  at,
  text: message,
});

/** A finding as lines: what is wrong, its cause, the evidence, the advice. */
export function findingLines({ what, cause, evidence, advice }: Finding, now: Instant): readonly string[] {
  const why =
    cause !== undefined ? [`  Root cause: ${cause}.`] : evidence.length === 0 ? [] : ['  Root cause: not known. The evidence so far:'];
  return [what, ...why, ...evidence.map((each) => `  ${evidenceLine(each, now)}`), ...advice.map((line) => `  What helps: ${line}`)];
}

export function reportLines({ findings, unknown }: Report, now: Instant): readonly string[] {
  const none = unknown.length === 0 ? 'No problems found.' : 'No problems found in what is known.';
  return [
    ...(findings.length === 0 ? [none] : findings.flatMap((each) => findingLines(each, now))),
    ...unknown.map((line) => `Not known: ${line}`),
  ];
}

function evidenceLine({ source, at, text }: Evidence, now: Instant): string {
  const when = at === undefined ? '' : `, ${formatTime(at)}, ${formatSpan(Math.max(0, now - at))} ago`;
  return `${sourceWords(source)}${when}: ${text}`;
}

function sourceWords(source: EvidenceSource): string {
  switch (source.kind) {
    case 'status':
      return `status of ${source.object}`;
    case 'event':
      return `event ${source.reason} of ${source.object}`;
    case 'log':
      return `${source.previous ? 'log before the restart' : 'log'} of ${source.pod}${source.container === undefined ? '' : `, container ${source.container}`}`;
    case 'exception':
      return `exception${source.task === undefined ? '' : ` in ${source.task}`}${source.pod === undefined ? '' : ` on ${source.pod}`}`;
    case 'rest':
      return `Flink's ${source.what}`;
  }
}
