import type { Pod, PodContainer, Session } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatCpu, formatDateTime, formatMemory, formatSpan } from '../../support/format.ts';

/** Lines of the timeline above the object. */
const newsLines = 8;

const row = (label: string, value: string): string => `${label.padEnd(12)}${value}`;

/** The facts about a pod, its containers, and its latest events. */
export function podFacts(pod: Pod, session: Session, now: number): readonly string[] {
  const news = session.timeline.filter(({ subject }) => subject === pod.name).slice(-newsLines);
  const { cpuLimit, memoryLimit } = pod;
  const limits = [
    ...(cpuLimit === undefined ? [] : [`${formatCpu(cpuLimit)} CPU`]),
    ...(memoryLimit === undefined ? [] : [formatMemory(memoryLimit)]),
  ];
  return [
    '',
    row('Name', pod.name),
    row('Node', `${pod.node ?? 'none yet'}${pod.ip === undefined ? '' : `, ${pod.ip}`}`),
    row('Created', pod.createdAt === undefined ? '-' : `${formatDateTime(pod.createdAt)}, ${formatSpan(now - pod.createdAt)} ago`),
    ...(pod.deletedAt === undefined ? [] : [row('Deleted', `${formatDateTime(pod.deletedAt)}, ${formatSpan(now - pod.deletedAt)} ago`)]),
    ...(limits.length === 0 ? [] : [row('Limits', limits.join(', '))]),
    ...pod.containers.map((container) => row(container.init ? 'Init' : 'Container', containerWords(container, now))),
    '',
    'Events',
    ...(news.length === 0 ? ['  none seen'] : news.map(({ at, text }) => `  ${formatDateTime(at)}  ${oneLine(text)}`)),
    '',
  ];
}

function containerWords({ name, image, state, reason, exitCode, startedAt, restarts }: PodContainer, now: number): string {
  const why = [...(reason === undefined ? [] : [oneLine(reason, 120)]), ...(exitCode === undefined ? [] : [`exit code ${exitCode}`])].join(
    ', ',
  );
  const since = state === 'running' && startedAt !== undefined ? ` for ${formatSpan(now - startedAt)}` : '';
  return `${name}: ${state}${since}${why === '' ? '' : ` (${why})`}, ${restarts === 1 ? '1 restart' : `${restarts} restarts`}, ${oneLine(image, 200)}`;
}
