import type { Evidence, EvidenceSource, Finding, Report } from '../../causes/finding.ts';
import type { Instant } from '../../support/clock.ts';
import { formatSpan, formatTime } from '../../support/format.ts';

/** A finding as lines: what is wrong, its causes, each with its evidence and what follows from it, and the advice. */
export function findingLines({ what, cause, evidence, conclusions, advice, also, possible }: Finding, now: Instant): readonly string[] {
  const none = evidence.length === 0 && possible.length === 0 ? [] : ['  Root cause: not known. The evidence so far:'];
  return [
    what,
    ...(cause === undefined ? none : [`  Root cause: ${cause}.`]),
    ...evidenceLines(evidence, now),
    ...conclusions.map(conclusionLine),
    ...also.flatMap((each) => [
      `  Another cause: ${each.text}.`,
      ...evidenceLines(each.evidence, now),
      ...each.conclusions.map(conclusionLine),
    ]),
    ...possible.flatMap((each) => [`  Possible, not proved: ${each.text}.`, ...evidenceLines(each.evidence, now)]),
    ...adviceOf({ advice, also }).map((line) => `  What helps: ${line}`),
  ];
}

/** The advice for all its causes, each line once. */
export const adviceOf = ({ advice, also }: Pick<Finding, 'advice' | 'also'>): readonly string[] => [
  ...new Set([...advice, ...also.flatMap((each) => each.advice)]),
];

/** What no source says is marked, so that nobody takes it for a fact. */
const conclusionLine = (line: string): string => `  It follows: ${line}`;

const evidenceLines = (evidence: readonly Evidence[], now: Instant): readonly string[] =>
  evidence.map((each) => `  ${evidenceLine(each, now)}`);

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

export function sourceWords(source: EvidenceSource): string {
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
