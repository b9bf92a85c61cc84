import { selectTroubledPods } from '../../session/selectors/pods.ts';
import { selectBrokenLogs } from '../../session/selectors/sources.ts';
import type { LogCounters, LogView } from '../../session/types.ts';
import { formatCount } from '../../support/format.ts';
import { briefName, logWindow, newest } from '../log-rows.ts';
import { storyKinds, type Frame } from '../ui.ts';
import { emptyLines, type PanelDrawing } from './panel.ts';

/** Names of the pods whose lines the log shows; undefined: of all that are followed. */
export function logPods({ session, ui }: Pick<Frame, 'session' | 'ui'>): readonly string[] | undefined {
  const { scope } = ui.log;
  if (scope === 'all') return undefined;
  if (scope !== 'selected') return scope;
  const pod = ui.lists.pods.selected ?? ui.lists.pods.chosen ?? session.leader;
  return pod === undefined ? [] : [pod];
}

const shortNameOf = ({ session }: Frame, pod: string): string =>
  session.pods.get(pod)?.shortName ?? session.gone.findLast(({ name }) => name === pod)?.shortName ?? pod;

function subject(frame: Frame): string {
  const pods = logPods(frame);
  if (pods === undefined) return frame.session.pods.size === 0 ? '' : `all ${frame.session.logs.size} logs`;
  const [only] = pods;
  if (only === undefined) return '';
  return pods.length === 1 ? shortNameOf(frame, only) : `${pods.length} pods`;
}

function facts(frame: Frame, view: LogView): string {
  const { session, ui: { log }, look: { theme } } = frame;
  const parts = [subject(frame)];
  if (log.filter !== undefined) parts.push(theme.paint('accent', `/${log.filter.text}`));
  if (log.search !== undefined) parts.push(theme.paint('accent', `find ${log.search.text}`));
  if (log.anchor !== undefined) parts.push(theme.paint('warn', `paused, ${formatCount(newest(view) - log.anchor)} new`));
  else parts.push('following');
  const hidden = storyKinds.filter((kind) => !log.story[kind]);
  if (hidden.length > 0) parts.push(hidden.length === storyKinds.length ? 'events off' : `${hidden.join(', ')} off`);
  const pods = logPods(frame);
  // A thousand logs are summed up for each frame: without a list of them.
  let logs = 0;
  let ended = 0;
  let dropped = 0;
  const count = (counters: LogCounters | undefined): void => {
    if (counters === undefined) return;
    logs += 1;
    if (counters.ended) ended += 1;
    dropped += counters.dropped;
  };
  if (pods === undefined) session.logs.forEach(count);
  else for (const pod of pods) count(session.logs.get(pod));
  if (logs > 0 && ended === logs) parts.push('ended');
  parts.push(`${formatCount(view.dropped + view.count)} lines`);
  if (dropped > 0) parts.push(`${formatCount(dropped)} fell out`);
  const lost = trouble(frame, pods);
  if (lost !== undefined) parts.push(theme.paint('warn', lost));
  return parts.filter((part) => part !== '').join(' · ');
}

/** The streams that are shown and do not flow. */
function trouble({ session }: Frame, pods: readonly string[] | undefined): string | undefined {
  const states = selectBrokenLogs(session);
  const broken = [...states].filter(([pod]) => session.logs.get(pod)?.ended !== true && (pods === undefined ? session.logs.has(pod) : pods.includes(pod))).map(([, state]) => state);
  if (broken.length === 0) return undefined;
  return (pods?.length ?? session.logs.size) === 1 ? `stream ${broken[0] ?? ''}` : `${broken.length} streams ${broken.every((state) => state === broken[0]) ? broken[0] ?? '' : 'interrupted'}`;
}

/** Why the one log that is shown has no line at all; events of its pod may fill the panel all the same. */
function unreadable(frame: Frame): string | undefined {
  const [only, ...more] = logPods(frame) ?? [];
  if (only === undefined || more.length > 0 || (frame.session.logs.get(only)?.lines ?? 0) > 0) return undefined;
  const status = frame.session.sources.get(`log:${only}`);
  return status?.state === 'denied' || status?.state === 'lost' ? status.problem?.message : undefined;
}

function emptySentence(frame: Frame): string {
  const { session, ui: { log }, starting } = frame;
  if (log.filter !== undefined) return `No line matches ${log.filter.text}`;
  const pods = logPods(frame);
  for (const pod of pods ?? []) {
    const problem = session.sources.get(`log:${pod}`)?.problem;
    if (problem !== undefined) return problem.message;
  }
  return starting !== undefined || pods?.length === 0 ? '' : 'No lines yet';
}

/** Lines of the pods, with the story between them. */
export function drawLog(frame: Frame): PanelDrawing {
  const { ui, look, session, logView: view } = frame;
  if (view === undefined) return { title: 'Log', facts: '', lines: () => [] };
  const single = logPods(frame)?.length === 1;
  const names = new Map<string, string>();
  const source = (pod: string): string => {
    let name = names.get(pod);
    if (name === undefined) {
      name = briefName(shortNameOf(frame, pod), selectTroubledPods(session).masters.length > 1);
      names.set(pod, name);
    }
    return name;
  };
  return {
    title: 'Log',
    facts: facts(frame, view),
    lines(width, height) {
      if (view.count === 0) return emptyLines(emptySentence(frame), width, look);
      const reason = emptyLines(unreadable(frame) ?? '', width, look);
      const { rows } = logWindow({ view, state: ui.log, width, height: Math.max(1, height - reason.length), source: single ? undefined : source, look });
      return [...rows, ...reason];
    },
  };
}
