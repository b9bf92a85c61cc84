import type { Pod, Warning } from '../native/pod.ts';
import type { Instant } from '../support/clock.ts';

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

/** The key of a subject among those of a report. */
export const subjectKey = (subject: FindingSubject): string => `${subject.kind} ${subject.kind === 'job' ? subject.id : subject.name}`;

/** Why something is wrong. */
export interface Cause {
  /** The rule that found it. */
  readonly rule: string;
  /** One sentence without a full stop. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** What follows from the evidence although no source says it; whole sentences. */
  readonly conclusions: readonly string[];
  /** What to do about it, one sentence each. */
  readonly advice: readonly string[];
}

/** Something that is wrong, and its cause as far as it is proved. */
export interface Finding {
  readonly subject: FindingSubject;
  readonly severity: 'warn' | 'error';
  /** Whole sentences. */
  readonly what: string;
  /** The rule that found the cause; undefined: none did. */
  readonly rule: string | undefined;
  /** One sentence without a full stop; undefined: the evidence proves no cause. */
  readonly cause: string | undefined;
  readonly evidence: readonly Evidence[];
  /** What follows from the evidence although no source says it; whole sentences. */
  readonly conclusions: readonly string[];
  /** What to do about it, one sentence each. */
  readonly advice: readonly string[];
  /** Further causes that are proved and do not follow from the first one. */
  readonly also: readonly Cause[];
  /** Without a cause: what the evidence speaks for, and does not prove. */
  readonly possible: readonly Cause[];
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
