import type { PodWithEvents } from '../../cluster/pods/events.ts';
import type { Pod, PodContainer, Session } from '../../session/types.ts';
import { ownEventColumns } from '../../session/tables/events.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatCpu, formatDateTime, formatMemory, formatSpan } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { podObjectLines } from './pod-object-lines.ts';

/** Lines of the timeline below what is known of a pod. */
const newsLines = 8;

const row = (label: string, value: string): string => `${label.padEnd(14)}${value}`;

/** Where a pod is, and how old it is. */
const identity = (pod: Pod, now: number): readonly string[] => [
  row('Name', pod.name),
  row('Node', `${pod.node ?? 'none yet'}${pod.ip === undefined ? '' : `, ${pod.ip}`}`),
  row('Created', pod.createdAt === undefined ? '-' : `${formatDateTime(pod.createdAt)}, ${formatSpan(now - pod.createdAt)} ago`),
  ...(pod.deletedAt === undefined ? [] : [row('Deleted', `${formatDateTime(pod.deletedAt)}, ${formatSpan(now - pod.deletedAt)} ago`)]),
];

/** A pod as the API server describes it now, with its events. */
export const describedPod = (pod: Pod, { pod: object, events }: PodWithEvents, now: number): readonly string[] => [
  ...identity(pod, now),
  ...podObjectLines(object, now),
  '',
  'Events',
  ...(events instanceof Problem
    ? [`  ${events.message}`]
    : events.length === 0
      ? ['  none in the past hour']
      : textTable(ownEventColumns, events, { now, whole: true }).map((line) => `  ${line}`)),
];

/** What the session knows of a pod, for a server that does not answer: its containers, and the end of its timeline. */
export function knownOfPod(pod: Pod, session: Session, now: number): readonly string[] {
  const news = session.timeline.filter(({ subject }) => subject === pod.name).slice(-newsLines);
  const { cpuLimit, memoryLimit } = pod;
  const limits = [
    ...(cpuLimit === undefined ? [] : [`${formatCpu(cpuLimit)} CPU`]),
    ...(memoryLimit === undefined ? [] : [formatMemory(memoryLimit)]),
  ];
  return [
    ...identity(pod, now),
    ...(limits.length === 0 ? [] : [row('Limits', limits.join(', '))]),
    ...pod.containers.map((container) => row(container.init ? 'Init' : 'Container', containerWords(container, now))),
    '',
    'Timeline',
    ...(news.length === 0 ? ['  nothing seen'] : news.map(({ at, text }) => `  ${formatDateTime(at)}  ${oneLine(text)}`)),
  ];
}

function containerWords({ name, image, state, reason, exitCode, startedAt, restarts }: PodContainer, now: number): string {
  const why = [...(reason === undefined ? [] : [oneLine(reason, 120)]), ...(exitCode === undefined ? [] : [`exit code ${exitCode}`])].join(
    ', ',
  );
  const since = state === 'running' && startedAt !== undefined ? ` for ${formatSpan(now - startedAt)}` : '';
  return `${name}: ${state}${since}${why === '' ? '' : ` (${why})`}, ${restarts === 1 ? '1 restart' : `${restarts} restarts`}, ${oneLine(image, 200)}`;
}
