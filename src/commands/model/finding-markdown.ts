import type { Cause, Evidence, Finding, Report } from '../../causes/finding.ts';
import type { Instant } from '../../support/clock.ts';
import { formatDateTime } from '../../support/format.ts';
import { adviceOf, sourceWords } from './finding-lines.ts';

/** Texts of servers stand in a chat as they are: nothing in them is a link, a mention of everybody or a heading. */
const plain = (text: string): string => text.replaceAll(/[\\`*_[\]<>|#~@]/g, (sign) => `\\${sign}`);

const evidenceItem = ({ source, at, text }: Evidence): string =>
  `  - ${plain(sourceWords(source))}${at === undefined ? '' : `, ${formatDateTime(at)}`}: ${plain(text)}`;

const causeItems = (
  title: string,
  { text, evidence, conclusions }: Pick<Cause, 'text' | 'evidence' | 'conclusions'>,
): readonly string[] => [
  `- **${title}:** ${plain(text)}`,
  ...evidence.map(evidenceItem),
  ...conclusions.map((line) => `- It follows: ${plain(line)}`),
];

function findingMarkdown(finding: Finding): readonly string[] {
  const { what, cause, evidence, also, possible } = finding;
  return [
    `### ${plain(what)}`,
    '',
    ...causeItems('Root cause', { ...finding, text: cause ?? 'not known', evidence }),
    ...also.flatMap((each) => causeItems('Another cause', each)),
    ...possible.flatMap((each) => causeItems('Possible, not proved', each)),
    ...adviceOf(finding).map((line) => `- What helps: ${plain(line)}`),
    '',
  ];
}

/** A report for the channel of an incident: which cluster, when, and what is wrong with it. Times are absolute, as it is read later. */
export function reportMarkdown({ findings, unknown }: Report, cluster: string, now: Instant): readonly string[] {
  const none = unknown.length === 0 ? 'No problems found.' : 'No problems found in what is known.';
  return [
    `## ${plain(cluster)}, ${formatDateTime(now)}`,
    '',
    ...(findings.length === 0 ? [none, ''] : findings.flatMap(findingMarkdown)),
    ...unknown.map((line) => `- Not known: ${plain(line)}`),
  ];
}
